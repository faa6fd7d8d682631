import type { Json } from '../json.ts';
import { headerGroups, lineGroups, linePath } from '../merge/groups.ts';
import type { InvoiceContent } from './invoice.ts';

/** Every path of a document with its value: header fields, then each field of each keyed line. */
export function pathsOf(content: InvoiceContent): ReadonlyMap<string, Json> {
  const header = [...headerGroups.flatMap((group) => group.fields), 'existence' as const].map(
    (field): [string, Json] => [field, content[field]],
  );
  const lines = content.lines.flatMap((line) => {
    const { key } = line;
    if (key === null) return [];
    const fields = lineGroups.flatMap((group) => group.fields);
    return fields.map((field): [string, Json] => [linePath(key, field), line[field]]);
  });
  return new Map([...header, ...lines]);
}

/** The value at a stable path; a path of a whole line gives the line, an absent one null. */
export function valueAt(content: InvoiceContent, path: string): Json {
  const value = pathsOf(content).get(path);
  if (value !== undefined) return value;
  return content.lines.find((line) => line.key !== null && linePath(line.key) === path) ?? null;
}
