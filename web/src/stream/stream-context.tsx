import { createContext, use, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { StreamEvent, StreamSnapshot, StreamStore } from './stream-store.ts';

const StreamContext = createContext<StreamStore | null>(null);

/** Gives the one store of this tab to the tree. */
export const StreamProvider = StreamContext;

/** The store itself, for acts such as Pause. */
export function useStreamStore(): StreamStore {
  const store = use(StreamContext);
  if (store === null) throw new Error('The event stream is missing above this component.');
  return store;
}

/** One part of what the store shows; the component is drawn anew only when that part changes. */
export function useStream<Part>(select: (snapshot: StreamSnapshot) => Part): Part {
  const store = useStreamStore();
  return useSyncExternalStore(store.subscribe, () => select(store.getSnapshot()));
}

/** Calls with every batch of events while mounted, also while paused. */
export function useStreamEvents(listen: (events: readonly StreamEvent[]) => void): void {
  const store = useStreamStore();
  const heard = useEffectEvent(listen);
  useEffect(() => store.onEvents((events) => heard(events)), [store]);
}
