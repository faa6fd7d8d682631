import type { Json } from '../json.ts';
import {
  headerGroups,
  lineGroups,
  linePath,
  type HeaderField,
  type LineField,
} from '../merge/groups.ts';
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
  if (isHeaderPath(path)) return content[path];
  for (const line of content.lines) {
    const { key } = line;
    if (key === null) continue;
    const whole = linePath(key);
    if (path === whole) return line;
    const field = path.startsWith(`${whole}.`) ? path.slice(whole.length + 1) : '';
    if (isLineField(field)) return line[field];
  }
  return null;
}

const headerPaths = new Set<string>([...headerGroups.flatMap(({ fields }) => fields), 'existence']);
const lineFields = new Set<string>(lineGroups.flatMap(({ fields }) => fields));
const isHeaderPath = (path: string): path is HeaderField | 'existence' => headerPaths.has(path);
const isLineField = (field: string): field is LineField => lineFields.has(field);
