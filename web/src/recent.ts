import type { OverviewRecentQuery } from './graphql/generated/graphql.ts';

/** One entry of the audit trail, as the overview reads it. */
export type RecentEntry = OverviewRecentQuery['auditEntries']['nodes'][number];

/** A sentence, and how many like it the machine made right before. */
export type RecentSentence = { readonly entry: RecentEntry; readonly moreCount: number };

const isRoutine = ({ action, actor }: RecentEntry) =>
  action === 'WRITE' && actor.__typename === 'SystemActor';

/** Newest first; writes that the machine made in a row are told as one, so that people are not drowned out. */
export function recentSentences(newestFirst: readonly RecentEntry[]): RecentSentence[] {
  const sentences: RecentSentence[] = [];
  for (const entry of newestFirst) {
    const last = sentences.at(-1);
    const continues = last !== undefined && isRoutine(last.entry) && isRoutine(entry);
    if (continues) sentences.splice(-1, 1, { ...last, moreCount: last.moreCount + 1 });
    else sentences.push({ entry, moreCount: 0 });
  }
  return sentences;
}
