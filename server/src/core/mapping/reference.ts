import type { Currency } from '../brand.ts';
import type { Side } from '../side.ts';

/** Kind of record that invoices refer to. */
export type ReferenceKind =
  | 'CUSTOMER'
  | 'ITEM'
  | 'TAX_CODE'
  | 'TERMS'
  | 'PAYMENT_METHOD'
  | 'INCOME_ACCOUNT';

/** A record of one side that could be a counterpart. */
export type ReferenceRecord = {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Customers: e-mail, for telling namesakes apart. Items: the stock-keeping unit. */
  readonly detail: string | null;
};

/** A pairing as it is stored; one of the two records is missing while it waits. */
export type Reference = {
  readonly kind: ReferenceKind;
  /** Null for a record that only QuickBooks has. */
  readonly internalId: string | null;
  readonly internalName: string | null;
  readonly quickbooksId: string | null;
  readonly quickbooksName: string | null;
  readonly status: 'MATCHED' | 'AMBIGUOUS' | 'MISSING';
  /** Records of the side that lacks it. */
  readonly candidates: readonly { readonly id: string; readonly name: string }[];
  /** What a person asked for and is not done yet. */
  readonly request?: ReferenceRequest | null;
  /** Version of the row this rests on; what changed since then stays as it is. */
  readonly version?: number;
};

/** `CHECK`: paired by a person, looked at before it is first used. `MAKE`: to be made, whatever the settings say. */
export type ReferenceRequest = 'CHECK' | 'MAKE';

/** Names a record that something waits for: its kind, the side that has it, its id there. */
export const referenceKey = (kind: ReferenceKind, side: Side, id: string): string =>
  `${kind}:${side}:${id}`;

/** Records the bridge can make on a side; the others are few, and a person makes them (http.md §4). */
const makeable = {
  quickbooks: ['CUSTOMER', 'ITEM', 'TERMS'],
  internal: ['CUSTOMER', 'ITEM'],
} as const satisfies Record<Side, readonly ReferenceKind[]>;

export const isMakeableOn = (side: Side, kind: ReferenceKind): boolean =>
  makeable[side].some((one) => one === kind);

/** A record that an invoice needs a counterpart for on the other side. */
export type NeededReference = {
  readonly kind: ReferenceKind;
  /** Side that has it. */
  readonly side: Side;
  /** Its id there. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly sku: string | null;
  /** Customers: the currency they are billed in, which QuickBooks keeps for ever (quickbooks.md §7.5). */
  readonly currency?: Currency;
};

/** How a needed reference can be met. */
export type ReferenceMatch =
  | { readonly kind: 'matched'; readonly record: ReferenceRecord; readonly why: string }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly ReferenceRecord[] }
  | { readonly kind: 'missing' };

/** A pairing of a needed record with its counterpart. */
export function pairedWith(
  { kind, side, id, name }: NeededReference,
  found: Pick<ReferenceRecord, 'id' | 'name'>,
): Reference {
  const [internal, quickbooks] =
    side === 'internal' ? [{ id, name }, found] : [found, { id, name }];
  return {
    kind,
    internalId: internal.id,
    internalName: internal.name,
    quickbooksId: quickbooks.id,
    quickbooksName: quickbooks.name,
    status: 'MATCHED',
    candidates: [],
    request: null,
  };
}

/**
 * A needed record that waits for a person, with those it might be. One that was put away is no counterpart: what refers to
 * it is refused (quickbooks.md §4.2). `row` is what was stored of it.
 */
export function waitingFor(
  { kind, side, id, name }: NeededReference,
  status: 'AMBIGUOUS' | 'MISSING',
  found: readonly ReferenceRecord[],
  row: Reference | undefined,
): Reference {
  const known = side === 'internal';
  return {
    kind,
    internalId: known ? id : null,
    internalName: known ? name : null,
    quickbooksId: known ? null : id,
    quickbooksName: known ? null : name,
    status,
    candidates: found.filter(({ active }) => active).map((one) => ({ id: one.id, name: one.name })),
    request: null,
    ...(row?.version === undefined ? {} : { version: row.version }),
  };
}

/** What is stored of a needed record. */
export const storedOf = (
  { kind, side, id }: Pick<NeededReference, 'kind' | 'side' | 'id'>,
  stored: readonly Reference[],
): Reference | undefined =>
  stored.find(
    (one) => one.kind === kind && (side === 'internal' ? one.internalId : one.quickbooksId) === id,
  );

/** Names what waits for that pairing: the record that is there. */
export function keyOfWaiting({ kind, internalId, quickbooksId }: Reference): string {
  const side = internalId === null ? 'quickbooks' : 'internal';
  return referenceKey(kind, side, internalId ?? quickbooksId ?? '');
}
