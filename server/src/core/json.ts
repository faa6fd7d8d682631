/** What a side sends and what a column of type jsonb holds. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether parsed JSON is an object; only for what came out of a JSON parser. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Place of a value in words of JSON: `['lines', 0, 'id']` is 'lines[0].id', the whole is '$'. */
export function jsonPath(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`;
    return before === '' ? String(step) : `${before}.${String(step)}`;
  }, '');
  return text.startsWith('[') ? `$${text}` : text || '$';
}
