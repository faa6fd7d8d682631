import type { Json } from './json.ts';

const ordered = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(ordered);
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, ordered(member)]));
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** JSON in one fixed form, members in the order of their names, so that equal values have equal text. */
export const canonicalText = (value: Json): string => JSON.stringify(ordered(value));
