import type { Invoice, Line } from '../invoice/invoice.ts';
import type { Json } from '../json.ts';
import type { ComparatorName } from './comparators.ts';

/** Who wins when both sides moved one field to different values (architecture.md §4). */
export type FieldRule = 'ASK' | 'LATEST_WINS' | 'INTERNAL_WINS' | 'QUICKBOOKS_WINS' | 'READ_ONLY';

/** What a value is, for showing it. */
export type ValueKind = 'TEXT' | 'MONEY' | 'NUMBER' | 'DATE' | 'BOOLEAN' | 'REFERENCE' | 'LINE';

/** One field of an invoice: where it lives on both sides, how it is compared and who decides. */
export type FieldEntry = {
  /** Stable path; fields of lines stand under `lines[*].`. */
  readonly path: string;
  readonly label: string;
  readonly internalPath: string;
  /** Null where QuickBooks has nothing of the kind. */
  readonly quickbooksPath: string | null;
  readonly comparator: ComparatorName;
  readonly rule: FieldRule;
  /** Fields of one group are judged and chosen as one. */
  readonly group: string | null;
  readonly movesMoney: boolean;
  readonly kind: ValueKind;
};

export type HeaderEntry = FieldEntry & { readonly read: (invoice: Invoice) => Json };
export type LineEntry = FieldEntry & { readonly readLine: (line: Line) => Json };
