import type { Amount, Decimal } from '#core/brand.ts';

/** A number whose digits reach the wire as they are, without passing through floating point. */
export class ExactNumber {
  readonly text: Amount | Decimal;

  constructor(text: Amount | Decimal) {
    this.text = text;
  }
}

/** A body before it becomes bytes; undefined properties are left out. */
export type Draft =
  | string
  | number
  | boolean
  | null
  | undefined
  | ExactNumber
  | readonly Draft[]
  | DraftObject;
export type DraftObject = { readonly [key: string]: Draft };

/** Wraps a decimal for the wire; null stays out of the body. */
export const exact = (text: Amount | Decimal | null): ExactNumber | undefined =>
  text === null ? undefined : new ExactNumber(text);

/** The bytes of a body: compact JSON in the order of its properties. */
export function spell(draft: Draft): string {
  if (draft instanceof ExactNumber) return draft.text;
  if (Array.isArray(draft)) return `[${draft.map((entry: Draft) => spell(entry ?? null)).join()}]`;
  if (typeof draft !== 'object' || draft === null) return JSON.stringify(draft ?? null);
  const properties = Object.entries(draft).flatMap(([key, value]) =>
    value === undefined ? [] : [`${JSON.stringify(key)}:${spell(value)}`],
  );
  return `{${properties.join()}}`;
}
