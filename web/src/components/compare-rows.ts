import type { InvoiceCompareQuery } from '../graphql/generated/graphql.ts';

/** One field, three ways, as the API compares it. */
export type CompareRow = NonNullable<InvoiceCompareQuery['invoice']>['diff'][number];

/** Rows under one heading: the invoice itself, or one of its lines. */
export type CompareGroup = {
  readonly key: string;
  readonly heading: string | null;
  readonly rows: CompareRow[];
};

const linePattern = /^lines\[(?:key=)?([^\]]*)\]/;

/** Words before the dot of "Line 2 · Quantity"; the whole label when there is none. */
const headingOf = (label: string) => label.split(' · ')[0] ?? label;

/** What stands beside a row inside its group: "Quantity" under the heading "Line 2". */
export function labelInGroup({ heading }: CompareGroup, { label }: CompareRow): string {
  const rest = heading === null ? label : label.slice(heading.length).replace(/^ · /, '');
  return rest === '' ? label : rest;
}

/** Rows in the order of the API, lines gathered by their key, and only those that differ when asked. */
export function groupRows(rows: readonly CompareRow[], onlyDifferences: boolean): CompareGroup[] {
  const groups = new Map<string, CompareGroup>();
  for (const row of rows) {
    if (onlyDifferences && row.state === 'SAME') continue;
    const line = linePattern.exec(row.path);
    const key = line === null ? '' : `line ${line[1]}`;
    const group = groups.get(key) ?? {
      key,
      heading: line === null ? null : headingOf(row.label),
      rows: [],
    };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Which cells moved since the base: they are outlined in the hue of their side. */
export function movedCells({ state }: CompareRow): {
  readonly internal: boolean;
  readonly quickbooks: boolean;
} {
  const both = state === 'DIVERGED' || state === 'CONVERGED';
  return {
    internal: both || state === 'CHANGED_INTERNALLY',
    quickbooks: both || state === 'CHANGED_IN_QUICKBOOKS',
  };
}
