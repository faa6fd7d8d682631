import type { CallFailure } from '#core/attempt/failure.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import {
  isMakeableOn,
  pairedWith,
  storedOf,
  waitingFor,
  type NeededReference,
  type Reference,
  type ReferenceKind,
} from '#core/mapping/reference.ts';
import type { Side } from '#core/side.ts';
import type { Drain } from './crossing.ts';
import { callOptions } from './observe.ts';

/** How the records an invoice refers to stand after looking. */
export type Resolved =
  /** Those paired before the failure are kept: the next try need not ask for them again. */
  | {
      readonly kind: 'failed';
      readonly failure: CallFailure;
      readonly matched: readonly Reference[];
    }
  | {
      readonly kind: 'looked';
      /** Newly paired ones, to be stored with the next step. */
      readonly matched: readonly Reference[];
      /** Ones the bridge must make in QuickBooks first. */
      readonly toMake: readonly NeededReference[];
      /** Ones that wait for a person, with what was found. */
      readonly waiting: readonly Reference[];
    };

/** Looks in QuickBooks for the counterparts of records met for the first time. */
export async function resolveReferences(
  crossing: Pick<Drain, 'accounting' | 'company' | 'signal'>,
  needed: readonly NeededReference[],
  stored: readonly Reference[],
): Promise<Resolved> {
  const matched: Reference[] = [];
  const toMake: NeededReference[] = [];
  const waiting: Reference[] = [];
  for (const wanted of needed) {
    const candidates = await crossing.accounting.findReferences(
      wanted.kind,
      wanted.name,
      callOptions(crossing),
    );
    if (!candidates.ok) return { kind: 'failed', failure: candidates.failure, matched };
    const match = matchReference(wanted, candidates.value);
    const row = storedOf(wanted, stored);
    if (match.kind === 'matched') matched.push(pairedWith(wanted, match.record));
    else if (match.kind === 'ambiguous' && row?.request !== 'MAKE')
      waiting.push(waitingFor(wanted, 'AMBIGUOUS', match.candidates, row));
    else if (mayMakeOn('quickbooks', crossing, wanted.kind, row)) toMake.push(wanted);
    else waiting.push(waitingFor(wanted, 'MISSING', candidates.value, row));
  }
  return { kind: 'looked', matched, toMake, waiting };
}

/** Where the company allows it, or a person asked for it (architecture.md §4, "References"); items need an income account. */
export function mayMakeOn(
  side: Side,
  { company: { settings } }: Pick<Drain, 'company'>,
  kind: ReferenceKind,
  row: Reference | undefined,
): boolean {
  if (!settings.createMissingReferences && row?.request !== 'MAKE') return false;
  if (!isMakeableOn(side, kind)) return false;
  return side === 'internal' || kind !== 'ITEM' || settings.incomeAccountId !== null;
}

/** What people call each kind, at the start of a sentence. */
export const kindWords = {
  CUSTOMER: 'Customer',
  ITEM: 'Item',
  TAX_CODE: 'Tax code',
  TERMS: 'Terms',
  PAYMENT_METHOD: 'Payment method',
  INCOME_ACCOUNT: 'Income account',
} as const satisfies Record<ReferenceKind, string>;

/** 'Customer “Kestrel Ltd” has no counterpart in QuickBooks.' */
export function wordsForWaiting(waiting: readonly Reference[]): string {
  return waiting
    .map((reference) =>
      reference.status === 'AMBIGUOUS'
        ? `${kindWords[reference.kind]} “${reference.internalName}” could be ${reference.candidates.length} records in QuickBooks.`
        : `${kindWords[reference.kind]} “${reference.internalName}” has no counterpart in QuickBooks.`,
    )
    .join(' ');
}
