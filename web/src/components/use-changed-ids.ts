import { useState } from 'react';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import type { StreamEvent } from '../stream/stream-store.ts';

/** What a list has to say about changes since it was read. */
export type ChangedIds = { readonly changedCount: number; readonly forget: () => void };

/** Ids that the stream spoke of since a list was read; `idOf` answers null for events that are about none. */
export function useChangedIds(
  companyId: string | undefined,
  idOf: (event: StreamEvent) => string | null,
): ChangedIds {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const isPaused = useStream((stream) => stream.isPaused);
  useStreamEvents((events) => {
    const changed = events
      .filter(({ company }) => companyId === undefined || company.id === companyId)
      .flatMap((event) => idOf(event) ?? []);
    if (changed.some((id) => !ids.has(id)) && !isPaused) setIds(new Set([...ids, ...changed]));
  });
  return { changedCount: ids.size, forget: () => setIds(new Set()) };
}
