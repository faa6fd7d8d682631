import type { IncomingEvent } from '#core/event/event.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Store } from '#ports/store.ts';

/** What became of the events of one delivery. */
export type Ingested = { readonly accepted: number; readonly duplicates: number };
export type Ingest = (events: readonly IncomingEvent[]) => Promise<Ingested>;

/** Stores events durably under their keys, then rings: nothing else happens while the sender waits. */
export function createIngest(store: Pick<Store, 'ingest'>, doorbell: Doorbell): Ingest {
  return async (events) => {
    const ingested = await store.ingest(events);
    for (const companyId of new Set(events.map((event) => event.companyId)))
      doorbell.ring(companyId);
    return ingested;
  };
}
