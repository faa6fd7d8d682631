import type { Amount, Currency } from '../brand.ts';
import { canonicalText } from '../canonical-text.ts';
import type { ChangeKind } from '../event/event.ts';
import { isJsonObject, type Json } from '../json.ts';
import type { ReferenceKind } from '../mapping/reference.ts';
import type { Side } from '../side.ts';

/** One field of a planned write, in the terms of the side written to. */
export type PlannedField = {
  readonly path: string;
  readonly label: string;
  readonly before: Json;
  readonly after: Json;
};

/** One write that a link would lead to if its company were live. */
export type PlannedEntry = {
  /** Side that would be written. */
  readonly side: Side;
  readonly change: ChangeKind;
  /** The record that would be made, by the side that has it; null for a document or a payment. */
  readonly reference: {
    readonly kind: ReferenceKind;
    readonly side: Side;
    readonly id: string;
  } | null;
  readonly fields: readonly PlannedField[];
  /** Why, in one sentence. */
  readonly reason: string;
  /** What stands in the way; null where it would go out. */
  readonly problem: string | null;
  readonly amount: Amount | null;
  readonly currency: Currency | null;
};

/** All that one link would write. */
export type LinkPlan = {
  readonly entries: readonly PlannedEntry[];
  /** Why nothing of it is planned; null where something is, or nothing has to be. */
  readonly leftOut: string | null;
};

export const nothingPlanned: LinkPlan = { entries: [], leftOut: null };

/**
 * What makes two plans of a link the same: every write of a document or payment with its fields before and after. A record is
 * told by its name: one that had to be made before has an id by the time the plan goes out.
 */
export const planText = ({ entries }: Pick<LinkPlan, 'entries'>): string =>
  canonicalText(
    entries
      .filter(({ reference }) => reference === null)
      .map(({ side, change, fields }) => ({
        side,
        change,
        fields: fields.map(({ path, before, after }) => ({
          path,
          before: told(before),
          after: told(after),
        })),
      })),
  );

/** Records by name, and lines apart from the ids their side gave them. */
function told(value: Json): Json {
  if (isList(value)) return value.map(told);
  if (!isJsonObject(value)) return value;
  if (typeof value['name'] === 'string') return value['name'];
  const kept = Object.entries(value).filter(([key]) => key !== 'sideId');
  return Object.fromEntries(kept.map(([key, part]) => [key, told(part)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
