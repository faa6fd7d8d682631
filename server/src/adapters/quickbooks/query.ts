/** Rows a query may return at most; without a limit it would be 100 (quickbooks.md §2.7). */
export const rowsMax = 1_000;

/** A text literal. A backslash escapes an apostrophe and itself; a line break would be lost on the way. */
function quoted(text: string): string {
  const escaped = text.replace(/[\r\n\t]+/g, ' ').replace(/[\\']/g, (sign) => `\\${sign}`);
  return `'${escaped}'`;
}

export const equals = (field: string, value: string): string => `${field} = ${quoted(value)}`;

export const oneOf = (field: string, values: readonly string[]): string =>
  `${field} IN (${values.map(quoted).join(', ')})`;

/** Inactive rows are left out unless asked for (quickbooks.md §2.6). */
export const inactiveToo = 'Active IN (true, false)';

/** Order of the rows, and the place of the first one wanted; places count from 1. */
type Paging = { readonly orderBy: string; readonly start: number };

/** The rest of a statement after `select * from <entity>`; conditions are joined by AND, the only word there is. */
export function where(conditions: readonly string[], paging: Paging | null = null): string {
  const filter = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const order = paging === null ? '' : ` orderby ${paging.orderBy}`;
  return `${filter}${order} startposition ${paging?.start ?? 1} maxresults ${rowsMax}`;
}
