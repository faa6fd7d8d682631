import { useEffect } from 'react';
import { WaitingCountsDocument } from '../graphql/generated/graphql.ts';
import type { SyncEventType } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import type { StreamEvent } from '../stream/stream-store.ts';

const telling = new Set<SyncEventType>([
  'CONFLICT_OPENED',
  'CONFLICT_CHANGED',
  'DEAD_LETTERED',
  'DEAD_LETTER_CHANGED',
  'INVOICE_CHANGED',
]);

/** Whether an event may have changed what waits on a person. */
export function needsYouChanged({ type }: StreamEvent): boolean {
  return telling.has(type);
}

/** What waits on a person, by the page it waits on; the favicon's span has a gap while anything does. */
export function useWaitingCounts(companyId: string | undefined) {
  const { data } = useLiveQuery({
    query: WaitingCountsDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
    refetchOn: needsYouChanged,
    refetchMs: 1_000,
  });
  const conflicts = data?.conflicts.totalCount ?? 0;
  const deadLetters = data?.deadLetters.totalCount ?? 0;
  const hasAny = conflicts + deadLetters > 0;

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = hasAny ? '/favicon-gap.svg' : '/favicon.svg';
  }, [hasAny]);

  return { conflicts, deadLetters, hasAny };
}
