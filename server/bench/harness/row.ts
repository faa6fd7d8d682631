import type { Spread } from './rounds.ts';

/** What a figure has to reach; measured on the median. */
export type Goal = { readonly text: string; readonly isMet: (value: number) => boolean };

export const atLeast = (limit: number, unit = ''): Goal => ({
  text: `≥ ${shown(limit)}${unit}`,
  isMet: (value) => value >= limit,
});

export const atMost = (limit: number, unit = ''): Goal => ({
  text: `≤ ${shown(limit)}${unit}`,
  isMet: (value) => value <= limit,
});

/** One line of the table. */
export type Figure = {
  readonly what: string;
  readonly goal: Goal | null;
  /** Null where it could not be measured; `detail` then says why. */
  readonly value: Spread | null;
  readonly unit: string;
  /** Both halves of a ratio, or what the figure was taken from. */
  readonly detail: string;
};

/** What a row gets to work with. */
export type Stage = {
  /** A fresh database with all migrations applied, on the run's PostgreSQL, dropped when the row is over. */
  readonly database: () => Promise<string>;
  /** Tells whoever watches what is going on. */
  readonly say: (text: string) => void;
};

/** A row of the table. */
export type Row = {
  /** As in the list of goals, for example '4a'. */
  readonly number: string;
  /** What `bench <name>` calls it. */
  readonly name: string;
  readonly title: string;
  /** How it is measured and how the peer was set, in a few sentences. */
  readonly method: string;
  /** Takes too long for the run of all rows; only `bench <name>` measures it. */
  readonly isLong?: true;
  readonly measure: (stage: Stage) => Promise<readonly Figure[]>;
};

/** A number as a person reads it: thousands apart, and no more digits than it is worth. */
export function shown(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
