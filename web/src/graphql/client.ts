import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import type { SubscriptionOperation } from 'urql';
import type { Client as Socket } from 'graphql-ws';
import { entityCache } from './entity-cache.ts';
import { resumable } from './resumable.ts';

type ClientOptions = {
  readonly url: string;
  readonly socket: Socket;
  /** Newest position of the event stream handled in this tab. */
  readonly cursor: () => string | undefined;
  /** Called when the server does not know who is asking. */
  readonly onUnauthenticated: () => void;
};

/** Queries and mutations over HTTP, the one subscription over the socket, entities kept once by id. */
export function createGraphqlClient({
  url,
  socket,
  cursor,
  onUnauthenticated,
}: ClientOptions): Client {
  return new Client({
    url,
    preferGetMethod: false,
    // A cookie session is honoured only with this header, which no foreign page can set (http.md §2).
    fetchOptions: { headers: { 'x-ledgerbridge-csrf': '1' } },
    exchanges: [
      mapExchange({
        onError: ({ graphQLErrors }) => {
          if (graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'))
            onUnauthenticated();
        },
      }),
      entityCache(),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (observer) => ({
            unsubscribe: socket.subscribe(payloadOf(operation, cursor), {
              ...observer,
              // Absent and undefined differ for urql's types, not for what is sent.
              next: ({ data, errors }) =>
                observer.next({ data: data ?? null, ...(errors ? { errors } : {}) }),
            }),
          }),
        }),
      }),
    ],
  });
}

function payloadOf(operation: SubscriptionOperation, cursor: () => string | undefined) {
  return {
    query: operation.query ?? '',
    operationName: operation.operationName,
    variables: resumable(operation.variables ?? {}, cursor),
  };
}
