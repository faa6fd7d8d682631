import { useEffect } from 'react';
import { NeedsYouDocument, OpenConflictCountDocument } from '../graphql/generated/graphql.ts';
import type { SyncEventType } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { isAboutConflicts } from '../stream/event-kinds.ts';
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

/** How many invoices wait on a person; the favicon's span has a gap while there are any. */
export function useNeedsYou(companyId: string | undefined): number {
  const { data } = useLiveQuery({
    query: NeedsYouDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
    refetchOn: needsYouChanged,
    refetchMs: 1_000,
  });
  const count = data?.invoices.totalCount ?? 0;

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = count > 0 ? '/favicon-gap.svg' : '/favicon.svg';
  }, [count]);

  return count;
}

/** How many conflicts wait for a decision. */
export function useConflictCount(companyId: string | undefined): number {
  const { data } = useLiveQuery({
    query: OpenConflictCountDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
    refetchOn: isAboutConflicts,
    refetchMs: 1_000,
  });
  return data?.conflicts.totalCount ?? 0;
}
