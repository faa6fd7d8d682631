/** What travels on the wire. Objects are never changed in place: a change is a new object. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** True for an object that is neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value of a JSON text, or undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A text field; numbers count as text because QuickBooks takes ids and tokens either way. */
export function textOf(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** A nested object. */
export function objectOf(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isObject(value) ? value : undefined;
}

/** The objects of a list field; empty when the field is missing. */
export function listOf(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const value = object?.[key];
  return isList(value) ? value.filter(isObject) : [];
}

/** The id inside a reference field such as `CustomerRef: {value, name}`. */
export function referenceOf(object: JsonObject | undefined, key: string): string | undefined {
  const id = textOf(objectOf(object, key), 'value');
  return id === '' ? undefined : id;
}

/** The object without the fields that are undefined. */
export function compact(fields: { readonly [key: string]: Json | undefined }): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** The object without some of its fields. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) if (!keys.includes(key)) kept[key] = value;
  return kept;
}

/** Equality of content; the order of keys does not count, the order of lists does. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((entry, index) => isSame(entry, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;

  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]))
  );
}
