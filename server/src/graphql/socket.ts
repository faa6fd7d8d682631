import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Access, CallFacts, Caller } from '#ports/access.ts';
import type { Log } from '#ports/log.ts';
import { answerOf, formatted } from './answer.ts';
import { isOriginAllowed } from './origin.ts';
import {
  isRunContext,
  parseDocument,
  runSubscription,
  untrusted,
  validateDocument,
  type RunContext,
} from './run.ts';
import { schema } from './schema.ts';
import { showError } from './show-error.ts';
import { topLevelError } from './errors.ts';
import type { Standing, Standings } from './standing.ts';
import { publishedText, type TrustedDocuments } from './trusted-documents.ts';

export type SocketOptions = {
  readonly access: Access;
  readonly log: Log;
  readonly publicUrl: string;
  readonly documents: TrustedDocuments;
  readonly standings: Standings;
  /** Starts a request of that caller, whose connection holds so many bytes that it has not taken. */
  readonly contextFor: (caller: Caller, bufferedBytes: () => number) => RunContext;
};

export type SocketServer = {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Closes every socket and ends its subscriptions. */
  readonly dispose: () => Promise<void>;
};

/** Largest message a client may send. */
const messageBytesMax = 256 * 1024;

/** Most subscriptions on one socket: each may have one message under way, so this bounds what a socket can hold. */
const subscriptionsMax = 50;

const headerOf =
  ({ headers }: IncomingMessage) =>
  (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };

/** The key from the connection's parameters, else from the upgrade request's header. */
function authorizationOf(
  parameters: Readonly<Record<string, unknown>> | undefined,
  request: IncomingMessage,
): string | undefined {
  const named = parameters?.['authorization'] ?? parameters?.['Authorization'];
  return typeof named === 'string' ? named : request.headers.authorization;
}

/** Only subscriptions: writes and reads have one way in, with one retry path (api-and-web.md §1.2.10). */
function refusalOf(document: DocumentNode, operationName: string | null | undefined) {
  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    return topLevelError('BAD_USER_INPUT', 'The document does not name one operation to run.');
  }
  return operation.operation === OperationTypeNode.SUBSCRIPTION
    ? null
    : topLevelError('BAD_USER_INPUT', 'Only subscriptions are served over the socket.');
}

type Payload = {
  readonly query?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
};

/** What to run, or why not; a refusal ends this operation only. */
function operationOf(
  { query, extensions, operationName, variables }: Payload,
  contextValue: RunContext,
  documents: TrustedDocuments,
): ExecutionArgs | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parseDocument(publishedText(query, extensions, documents));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
  const errors = validateDocument(document);
  if (errors.length > 0) return errors;
  const refusal =
    untrusted(document, contextValue, documents) ?? refusalOf(document, operationName);
  if (refusal !== null) return [refusal];
  return { schema, document, operationName, variableValues: variables, contextValue };
}

/** graphql-transport-ws at the same address, with the same callers and the same limits as over HTTP. */
export function createSocketServer({
  access,
  log,
  publicUrl,
  documents,
  standings,
  contextFor,
}: SocketOptions): SocketServer {
  const callers = new WeakMap<WebSocket, Caller>();
  const watching = new WeakMap<WebSocket, Standing>();
  const admit = (socket: WebSocket, facts: CallFacts, caller: Caller): void => {
    const standing = standings.watch(facts, caller);
    standing.signal.addEventListener('abort', () => socket.close(closeForbidden, 'Forbidden'));
    callers.set(socket, caller);
    watching.set(socket, standing);
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    verifyClient: ({ origin, req }: { origin: string | undefined; req: IncomingMessage }) =>
      isOriginAllowed(origin, req.headers.host, publicUrl),
  });
  const server = useServer(
    {
      // What breaks inside must not be told in the reason a socket is closed with.
      isProd: true,
      onConnect: async ({ connectionParams, extra: { request, socket } }) => {
        // The upgrade was refused to foreign origins already, so a cookie that comes with it is our page's.
        const facts = {
          peerAddress: request.socket.remoteAddress,
          header: headerOf(request),
          authorization: authorizationOf(connectionParams, request),
          isOwn: true,
        };
        const caller = await access.callerOf(facts);
        if (caller === null) return false;
        admit(socket, facts, caller);
        return true;
      },
      onClose: ({ extra: { socket } }) => watching.get(socket)?.release(),
      onSubscribe: ({ extra, subscriptions }, _id, payload) => {
        const caller = callers.get(extra.socket);
        if (caller === undefined) return [topLevelError('UNAUTHENTICATED', 'Who is asking?')];
        const context = contextFor(caller, () => extra.socket.bufferedAmount);
        const operation =
          Object.keys(subscriptions).length > subscriptionsMax
            ? [tooManySubscriptions()]
            : operationOf(payload, context, documents);
        if ('document' in operation) return operation;
        return operation.map((error) => showError(error, context.correlationId, log));
      },
      onError: (_context, _id, _payload, errors) => errors.map(formatted),
      subscribe: runSubscription,
      onNext: (_context, _id, _payload, { contextValue }, result) =>
        isRunContext(contextValue) ? shown(result, contextValue, log) : undefined,
    },
    sockets,
  );
  return {
    upgrade: (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        sockets.emit('connection', opened, request);
      });
    },
    dispose: async () => {
      await server.dispose();
    },
  };
}

/** A message as the socket carries it. */
function shown(result: Parameters<typeof answerOf>[0], { session }: RunContext, log: Log) {
  const { errors, ...answer } = answerOf(result, session, log);
  return errors === undefined ? answer : { ...answer, errors: errors.map(formatted) };
}

const tooManySubscriptions = (): GraphQLError =>
  topLevelError(
    'LIMIT_EXCEEDED',
    `A socket carries at most ${subscriptionsMax} subscriptions; complete one, or open another socket.`,
  );

const subprotocol = 'graphql-transport-ws';

/** 'Forbidden', as graphql-transport-ws has it: the client must not come back with the same credentials. */
const closeForbidden = 4403;
