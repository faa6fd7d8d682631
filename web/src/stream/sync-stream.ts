import type { Client } from 'urql';
import { StreamHeadDocument, SyncEventsDocument } from '../graphql/generated/graphql.ts';
import type { Connection } from './freshness.ts';
import type { StreamStore } from './stream-store.ts';

/** A refused or ended subscription is made again after this long; a dropped socket resumes by itself. */
const resubscribeMs = 2_000;

/** A server that does not answer must not keep the page empty: it then shows the failure itself. */
const headWaitMs = 1_000;

/** How long a loss must last before the page says so (api-and-web.md §3.4). */
const lostForLongMs = 2_000;

/**
 * Starts the one subscription of this tab and keeps it. The head of the stream is read first, and pages ask for
 * their data only afterwards, so that no event falls between a page's answer and the stream.
 */
export async function startSyncStream(client: Client, store: StreamStore): Promise<void> {
  const timer = setTimeout(() => store.begin(), headWaitMs);
  const { data } = await client
    .query(StreamHeadDocument, {}, { requestPolicy: 'network-only' })
    .toPromise();
  clearTimeout(timer);
  store.begin(data?.systemHealth.streamHead);
  subscribe(client, store);
}

function subscribe(client: Client, store: StreamStore): void {
  const again = () => {
    subscription.unsubscribe();
    setTimeout(() => subscribe(client, store), resubscribeMs);
  };
  const subscription = client
    .subscription(SyncEventsDocument, { after: store.cursor() })
    .subscribe((result) => {
      if (result.data) store.handleMessage(result.data.syncEvents);
      if (result.error) again();
    });
}

/** Tells the store how the socket fares; a loss is news only once it has lasted. */
export function watchConnection(store: StreamStore): (connection: Connection) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const report = (connection: Connection) => {
    if (connection === 'open') {
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(() => store.markLostForLong(), lostForLongMs);
    }
    store.setConnection(connection === 'lost' && !navigator.onLine ? 'offline' : connection);
  };

  window.addEventListener('offline', () => report('offline'));
  return report;
}
