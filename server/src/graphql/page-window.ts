import { badInput } from './errors.ts';

/** What a list field was asked for, as it came in. */
export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

/** A window onto a sorted list: so many rows after (or before) a place. */
export type PageWindow = {
  readonly size: number;
  readonly backward: boolean;
  readonly place: Place | null;
};

/** A row's place in a list: its sort value and its id; opaque to callers. */
export type Place = { readonly sort: string; readonly value: string | null; readonly id: string };

export const pageLimits = { sizeMax: 200, sizeDefault: 50, countMax: 10_001 } as const;

/** Kinds of sort values; a cursor whose value has another form was not made by us. */
export type ValueForm = 'instant' | 'date' | 'decimal' | 'integer' | 'text';

const forms = {
  instant: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::\d\d)?$/,
  date: /^\d{4,6}-\d\d-\d\d$/,
  decimal: /^-?\d{1,24}(?:\.\d{1,9})?$/,
  integer: /^-?\d{1,19}$/,
  text: /^[^\0]{0,4000}$/s,
} as const satisfies Record<ValueForm, RegExp>;

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can be compared with a uuid column. */
export const isUuid = (text: string): boolean => uuidForm.test(text);

const encodePlace = ({ sort, value, id }: Place): string =>
  Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');

function decodePlace(cursor: string, sort: string, form: ValueForm): Place {
  const refusal = badInput('The cursor does not belong to this list or its order.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refusal;
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw refusal;
  const [key, value, id]: readonly unknown[] = parts;
  if (key !== sort || typeof id !== 'string' || !isUuid(id)) throw refusal;
  if (value === null) return { sort, value, id };
  if (typeof value !== 'string' || !forms[form].test(value)) throw refusal;
  return { sort, value, id };
}

/** Page size asked for, or the default; 1 to `sizeMax`. */
function sizeOf(asked: number | null | undefined, sizeMax: number): number {
  const size = asked ?? pageLimits.sizeDefault;
  if (size < 1 || size > sizeMax) throw badInput(`A page holds 1 to ${sizeMax} items.`);
  return size;
}

/** How the places of a list are written into cursors, where it is not the ordinary way. */
export type CursorForm = {
  readonly encode: (place: Place) => string;
  readonly decode: (cursor: string, backward: boolean) => Place;
  readonly sizeMax: number;
};

/** The ordinary way: sort, value and id, refused in a list of another order. */
export const cursorsOf = (sort: string, form: ValueForm): CursorForm => ({
  encode: encodePlace,
  decode: (cursor) => decodePlace(cursor, sort, form),
  sizeMax: pageLimits.sizeMax,
});

/** Reads the arguments of a list field. */
export function windowOf(asked: PageArguments, cursors: CursorForm): PageWindow {
  const backward = asked.last != null || (asked.before != null && asked.first == null);
  const mixed = backward ? (asked.first ?? asked.after) : asked.before;
  if (mixed != null) throw badInput('Use first with after, or last with before, not both.');
  const cursor = backward ? asked.before : asked.after;
  return {
    size: sizeOf(backward ? asked.last : asked.first, cursors.sizeMax),
    backward,
    place: cursor == null ? null : cursors.decode(cursor, backward),
  };
}
