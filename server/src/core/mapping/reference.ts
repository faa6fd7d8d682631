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

/** A pairing as it is stored. */
export type Reference = {
  readonly kind: ReferenceKind;
  readonly internalId: string;
  readonly internalName: string;
  readonly quickbooksId: string | null;
  readonly quickbooksName: string | null;
  readonly status: 'MATCHED' | 'AMBIGUOUS' | 'MISSING';
  readonly candidates: readonly { readonly id: string; readonly name: string }[];
};

/** An internal record that an invoice needs a counterpart for. */
export type NeededReference = {
  readonly kind: ReferenceKind;
  readonly internalId: string;
  readonly name: string;
  readonly email: string | null;
  readonly sku: string | null;
};

/** How a needed reference can be met. */
export type ReferenceMatch =
  | { readonly kind: 'matched'; readonly record: ReferenceRecord; readonly why: string }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly ReferenceRecord[] }
  | { readonly kind: 'missing' };
