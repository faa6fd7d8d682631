import type { CallFailure } from '#core/attempt/failure.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import type {
  NeededReference,
  Reference,
  ReferenceKind,
  ReferenceRecord,
} from '#core/mapping/reference.ts';
import type { Crossing } from './crossing.ts';
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

/** Kinds the bridge may make where the company allows it (architecture.md §4, "References"). */
const makeable: ReadonlySet<ReferenceKind> = new Set(['CUSTOMER', 'ITEM', 'TERMS']);

/** Looks in QuickBooks for the counterparts of records met for the first time. */
export async function resolveReferences(
  crossing: Crossing,
  needed: readonly NeededReference[],
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
    if (match.kind === 'matched') matched.push(pairedWith(wanted, match.record));
    else if (match.kind === 'ambiguous')
      waiting.push(unpaired(wanted, 'AMBIGUOUS', match.candidates));
    else if (mayMake(crossing, wanted)) toMake.push(wanted);
    else waiting.push(unpaired(wanted, 'MISSING', candidates.value));
  }
  return { kind: 'looked', matched, toMake, waiting };
}

function mayMake({ company }: Crossing, wanted: NeededReference): boolean {
  if (!company.settings.createMissingReferences || !makeable.has(wanted.kind)) return false;
  return wanted.kind !== 'ITEM' || company.settings.incomeAccountId !== null;
}

/** A pairing of an internal record with its counterpart. */
export const pairedWith = (
  wanted: NeededReference,
  record: Pick<ReferenceRecord, 'id' | 'name'>,
): Reference => ({
  kind: wanted.kind,
  internalId: wanted.internalId,
  internalName: wanted.name,
  quickbooksId: record.id,
  quickbooksName: record.name,
  status: 'MATCHED',
  candidates: [],
});

const unpaired = (
  wanted: NeededReference,
  status: 'AMBIGUOUS' | 'MISSING',
  found: readonly ReferenceRecord[],
): Reference => ({
  kind: wanted.kind,
  internalId: wanted.internalId,
  internalName: wanted.name,
  quickbooksId: null,
  quickbooksName: null,
  status,
  candidates: found.map(({ id, name }) => ({ id, name })),
});

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
