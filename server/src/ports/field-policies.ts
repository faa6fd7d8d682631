import type { CompanyId, Decimal } from '#core/brand.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';

/** A rule of a company, locked. Without a rule the row says nothing (any more) and the built-in one holds. */
export type LockedFieldPolicy = StatedPolicy & {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly pattern: string;
  readonly version: number;
  /** What holds now: until the change takes force, what held before it. */
  readonly holding: StatedPolicy;
  /** False until the window to take the change back is over. */
  readonly isInForce: boolean;
};

export type StatedPolicy = {
  readonly rule: FieldRule | null;
  readonly tolerance: Decimal | null;
};

/** A rule as a request leaves it. */
export type RequestedFieldPolicy = StatedPolicy & {
  readonly id: string;
  readonly pattern: string;
  /** What holds until it takes force. */
  readonly former: StatedPolicy;
  /** It takes force when this right to take it back expires; at once without one. */
  readonly undoToken: string | null;
};

/** A change of a rule that can still be taken back. */
export type AwaitedRule = { readonly pattern: string; readonly inMs: number };

/** An open conflict, with the paths it is about. */
export type OpenConflict = {
  readonly id: string;
  readonly version: number;
  readonly linkId: string;
  readonly groups: readonly (readonly string[])[];
};

/** The rule that held before holds again, while nobody changed it since. */
export type UndoFieldPolicy = {
  readonly kind: 'field-policy';
  readonly companyId: string;
  readonly pattern: string;
  /** Version the change left. */
  readonly version: number;
};
