import type { OverviewRecentQuery } from './graphql/generated/graphql.ts';

/** One entry of the audit trail, as the overview reads it. */
export type RecentEntry = OverviewRecentQuery['auditEntries']['nodes'][number];

/** A sentence, and how many like it the machine made right before. */
export type RecentSentence = { readonly entry: RecentEntry; readonly moreCount: number };

const isRoutine = ({ action, actor }: RecentEntry) =>
  action === 'WRITE' && actor.__typename === 'SystemActor';

/**
 * Newest first; writes that the machine made in a row are told as one, so that people are not drowned out. Where that
 * leaves room, the newest of a row stand alone too.
 */
export function recentSentences(
  newestFirst: readonly RecentEntry[],
  shownMax: number,
): RecentSentence[] {
  const rows = inRows(newestFirst).slice(0, shownMax);
  let spare = shownMax - rows.length;
  return rows.flatMap((row) => {
    const alone = Math.min(spare, row.length - 1);
    spare -= alone;
    return row.slice(0, alone + 1).map((entry, place) => ({
      entry,
      moreCount: place === alone ? row.length - 1 - alone : 0,
    }));
  });
}

function inRows(newestFirst: readonly RecentEntry[]): RecentEntry[][] {
  const rows: RecentEntry[][] = [];
  for (const entry of newestFirst) {
    const row = rows.at(-1);
    const newest = row?.[0];
    if (row !== undefined && newest !== undefined && isRoutine(newest) && isRoutine(entry))
      row.push(entry);
    else rows.push([entry]);
  }
  return rows;
}
