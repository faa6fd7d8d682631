import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import type { NeededReference, Reference, ReferenceRecord } from '#core/mapping/reference.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import type { Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';
import { kindWords } from './references.ts';

/** How the QuickBooks records that an invoice has come to name stand internally. */
export type Matched =
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly side: Side }
  | {
      readonly kind: 'looked';
      readonly matched: readonly Reference[];
      /** Sentences about those that wait for a person. */
      readonly waiting: readonly string[];
    };

/** Looks in internal invoicing for the counterparts of QuickBooks records met for the first time. */
export async function matchInternally(
  crossing: Crossing,
  records: readonly UnpairedRecord[],
): Promise<Matched> {
  const matched: Reference[] = [];
  const waiting: string[] = [];
  for (const record of records) {
    const needed = await neededFrom(crossing, record);
    if (!needed.ok) return { kind: 'failed', failure: needed.failure, side: 'quickbooks' };
    const candidates = await crossing.invoicing.listReferences(record.kind, callOptions(crossing));
    if (!candidates.ok) return { kind: 'failed', failure: candidates.failure, side: 'internal' };
    const found = await matchOne(crossing, needed.value, candidates.value);
    if (typeof found === 'string') waiting.push(found);
    else matched.push(found);
  }
  return { kind: 'looked', matched, waiting };
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
      internalId: quickbooksId,
      name: read.value?.name ?? name,
      email: kind === 'CUSTOMER' ? detail : null,
      sku: kind === 'ITEM' ? detail : null,
    },
  };
}

/** The pairing, or why there is none. */
async function matchOne(
  crossing: Crossing,
  wanted: NeededReference,
  candidates: readonly ReferenceRecord[],
): Promise<Reference | string> {
  const match = bestMatch(wanted, candidates);
  const title = `${kindWords[wanted.kind]} “${wanted.name}”`;
  if (match.kind === 'missing')
    return `${title} exists in QuickBooks only; internal invoicing has no counterpart of it.`;
  if (match.kind === 'ambiguous')
    return `${title} of QuickBooks could be ${match.candidates.length} records in internal invoicing.`;
  const reference = pairOf(wanted, match.record);
  return (await isTaken(crossing, reference))
    ? `${title} of QuickBooks looks like “${match.record.name}” of internal invoicing, which stands for another record in QuickBooks.`
    : reference;
}

/** A sub-customer or an item in a category may go by its own name alone internally. */
function bestMatch(wanted: NeededReference, candidates: readonly ReferenceRecord[]) {
  const whole = matchReference(wanted, candidates);
  const own = wanted.name.slice(wanted.name.lastIndexOf(':') + 1).trim();
  return whole.kind === 'missing' && own !== wanted.name
    ? matchReference({ ...wanted, name: own }, candidates)
    : whole;
}

const pairOf = (wanted: NeededReference, record: ReferenceRecord): Reference => ({
  kind: wanted.kind,
  internalId: record.id,
  internalName: record.name,
  quickbooksId: wanted.internalId,
  quickbooksName: wanted.name,
  status: 'MATCHED',
  candidates: [],
});

/** Several tax codes of QuickBooks may mean one of internal invoicing; any other record has one counterpart. */
async function isTaken({ engine, company }: Crossing, reference: Reference): Promise<boolean> {
  const { kind, internalId, internalName: name, quickbooksId } = reference;
  if (kind === 'TAX_CODE') return false;
  const asked = { kind, internalId, name, email: null, sku: null };
  const [stored] = await engine.store.references(company.id, [asked]);
  return stored?.status === 'MATCHED' && stored.quickbooksId !== quickbooksId;
}
