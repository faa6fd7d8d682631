import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import {
  pairedWith,
  storedOf,
  waitingFor,
  type NeededReference,
  type Reference,
  type ReferenceRecord,
} from '#core/mapping/reference.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import type { Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';
import { kindWords, mayMakeOn } from './references.ts';

/** A record that waits for a person, with a sentence about it. */
export type Waiting = { readonly reference: Reference; readonly why: string };

/** How the QuickBooks records that an invoice has come to name stand internally. */
export type Matched =
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly side: Side }
  | {
      readonly kind: 'looked';
      readonly matched: readonly Reference[];
      /** Ones the bridge must make in internal invoicing first. */
      readonly toMake: readonly NeededReference[];
      readonly waiting: readonly Waiting[];
    };

/** Looks in internal invoicing for the counterparts of QuickBooks records met for the first time. */
export async function matchInternally(
  crossing: Crossing,
  records: readonly UnpairedRecord[],
  stored: readonly Reference[],
): Promise<Matched> {
  const matched: Reference[] = [];
  const toMake: NeededReference[] = [];
  const waiting: Waiting[] = [];
  for (const record of records) {
    const needed = await neededFrom(crossing, record);
    if (!needed.ok) return { kind: 'failed', failure: needed.failure, side: 'quickbooks' };
    const candidates = await crossing.invoicing.listReferences(record.kind, callOptions(crossing));
    if (!candidates.ok) return { kind: 'failed', failure: candidates.failure, side: 'internal' };
    const found = await matchOne(crossing, needed.value, candidates.value, stored);
    if ('why' in found) waiting.push(found);
    else if ('status' in found) matched.push(found);
    else toMake.push(found);
  }
  return { kind: 'looked', matched, toMake, waiting };
}

/** The record as QuickBooks tells it now: an invoice names some by id alone, and none with its e-mail address. */
async function neededFrom(
  crossing: Crossing,
  { kind, quickbooksId, name }: UnpairedRecord,
): Promise<CallOutcome<NeededReference>> {
  const { accounting } = crossing;
  const read = await accounting.readReference(kind, quickbooksId, callOptions(crossing));
  if (!read.ok) return read;
  const detail = read.value?.detail ?? null;
  return {
    ok: true,
    value: {
      kind,
      side: 'quickbooks',
      id: quickbooksId,
      name: read.value?.name ?? name,
      email: kind === 'CUSTOMER' ? detail : null,
      sku: kind === 'ITEM' ? detail : null,
    },
  };
}

/** The pairing; the record to make where there is none and it may be made; else why it waits. */
async function matchOne(
  crossing: Crossing,
  wanted: NeededReference,
  candidates: readonly ReferenceRecord[],
  stored: readonly Reference[],
): Promise<Reference | NeededReference | Waiting> {
  const match = matchInternalRecord(wanted, candidates);
  const row = storedOf(wanted, stored);
  const title = `${kindWords[wanted.kind]} “${wanted.name}”`;
  const waits = (
    status: 'AMBIGUOUS' | 'MISSING',
    found: readonly ReferenceRecord[],
    why: string,
  ): Waiting => ({ reference: waitingFor(wanted, status, found, row), why });
  if (match.kind === 'matched') {
    const reference = pairedWith(wanted, match.record);
    if (!(await isTaken(crossing, reference))) return reference;
    const like = `“${match.record.name}” of internal invoicing, which stands for another record in QuickBooks`;
    return waits('MISSING', [], `${title} of QuickBooks looks like ${like}.`);
  }
  if (match.kind === 'ambiguous' && row?.request !== 'MAKE') {
    const many = `could be ${match.candidates.length} records in internal invoicing`;
    return waits('AMBIGUOUS', match.candidates, `${title} of QuickBooks ${many}.`);
  }
  if (mayMakeOn('internal', crossing, wanted.kind, row)) return wanted;
  const only = 'exists in QuickBooks only; internal invoicing has no counterpart of it';
  return waits('MISSING', [], `${title} ${only}.`);
}

/** A sub-customer or an item in a category may go by its own name alone internally. */
export function matchInternalRecord(
  wanted: NeededReference,
  candidates: readonly ReferenceRecord[],
) {
  const whole = matchReference(wanted, candidates);
  const own = wanted.name.slice(wanted.name.lastIndexOf(':') + 1).trim();
  return whole.kind === 'missing' && own !== wanted.name
    ? matchReference({ ...wanted, name: own }, candidates)
    : whole;
}

/** Several tax codes of QuickBooks may mean one of internal invoicing; any other record has one counterpart. */
export async function isTaken(
  { engine, company }: Pick<Crossing, 'engine' | 'company'>,
  { kind, internalId, quickbooksId }: Reference,
): Promise<boolean> {
  if (kind === 'TAX_CODE' || internalId === null) return false;
  const [stored] = await engine.store.references(company.id, [{ kind, id: internalId }]);
  return stored?.status === 'MATCHED' && stored.quickbooksId !== quickbooksId;
}
