import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { PrismaClient } from '#generated/prisma/client.ts';
import type { ApiBudgets } from '#ports/api-budgets.ts';
import type { Access, AccessBell, Caller, CallFacts } from '#ports/access.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids } from '#ports/ids.ts';
import type { Log } from '#ports/log.ts';
import type { StreamBell } from '#ports/stream-bell.ts';
import type { Actions } from '#sync/actions.ts';
import type { CheckConnection } from '#sync/check-connection.ts';
import { answerOf } from './answer.ts';
import type { Surroundings } from './context.ts';
import { createBudgets } from './budgets.ts';
import { graphiqlResponse, wantsGraphiql } from './graphiql-page.ts';
import { limitRule } from './limits.ts';
import {
  charge,
  isRunContext,
  mapped,
  parseDocument,
  runSubscription,
  untrusted,
  type RunContext,
  type Session,
} from './run.ts';
import { schema } from './schema.ts';
import { createSocketServer } from './socket.ts';
import { createStandings } from './standing.ts';
import { createStreamSource } from './stream-source.ts';
import {
  createTrustedDocuments,
  publishedText,
  type TrustedDocuments,
} from './trusted-documents.ts';

export type GraphqlOptions = {
  readonly prisma: PrismaClient;
  readonly bell: StreamBell;
  readonly actions: Actions;
  readonly checkConnection: CheckConnection;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly access: Access;
  readonly accessBell: AccessBell;
  readonly budgets: ApiBudgets;
  /** The web app's own documents, by their hash. */
  readonly publishedDocuments: Readonly<Record<string, string>>;
  /** Running version. */
  readonly build: string;
  readonly publicUrl: string;
  /** The cookie that ties an authorization to the browser that began it. */
  readonly connectingCookie: (nonce: string) => string;
  /** Reads allowed each month for all companies together; null when unmetered. */
  readonly monthlyReads: number | null;
};

/** The API as the HTTP server needs it. */
export type Graphql = {
  readonly handle: (request: Request, facts: CallFacts) => Promise<Response>;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly dispose: () => Promise<void>;
};

/** Largest body of a request. */
const bodyBytesMax = 1024 * 1024;

/** What is served and what is not: one address, one document a request, no page or header of the library's own. */
const served = {
  schema,
  maskedErrors: false,
  graphqlEndpoint: '/graphql',
  graphiql: false,
  landingPage: false,
  cors: false,
  batching: false,
  multipart: false,
  logging: false,
  maxRequestBodySize: bodyBytesMax,
} as const;

/** GraphQL over HTTP, server-sent events and graphql-transport-ws, all with the same callers, limits and errors. */
export function createGraphql(options: GraphqlOptions): Graphql {
  const { prisma, bell, actions, clock, ids, log, access, connectingCookie } = options;
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const stream = createStreamSource(prisma, bell);
  const surroundings: Surroundings = {
    prisma,
    stream,
    actions,
    checkConnection: options.checkConnection,
    clock,
    build: options.build,
    publicUrl,
    monthlyReads: options.monthlyReads,
  };
  const budgetOf = createBudgets(options.budgets, () => clock.monotonicMs());
  const documents = createTrustedDocuments(options.publishedDocuments);
  const standings = createStandings(access, options.accessBell);
  const sessionOf = (
    caller: Caller,
    correlationId: string,
    { watch = unwatched, bufferedBytes = nothingBuffered }: Partial<Session> = {},
  ): Session => ({
    caller,
    correlationId,
    budget: budgetOf(caller.id),
    charged: null,
    browser: { nonce: null },
    watch,
    bufferedBytes,
  });
  const contextOf = (session: Session): RunContext => ({ ...surroundings, ...session, session });
  const sockets = createSocketServer({
    access,
    log,
    publicUrl,
    documents,
    standings,
    contextFor: (caller, bufferedBytes) =>
      contextOf(sessionOf(caller, ids.next(), { bufferedBytes })),
  });
  const yoga = createYoga<{ session: Session }, RunContext>({
    ...served,
    context: ({ session }) => contextOf(session),
    plugins: [ourRules(log, documents)],
  });
  return {
    handle: async (request, facts) => {
      if (wantsGraphiql(request)) return graphiqlResponse();
      const correlationId = ids.next();
      const caller = await access.callerOf(facts);
      if (caller === null) return unauthenticated(correlationId);
      const session = sessionOf(caller, correlationId, {
        watch: () => standings.watch(facts, caller),
      });
      const response = await yoga.fetch(request, { session });
      return finished(response, session, connectingCookie);
    },
    upgrade: sockets.upgrade,
    dispose: async () => {
      standings.dispose();
      await sockets.dispose();
    },
  };
}

/** Every answer names its correlation id; one that began an authorization leaves its nonce in the browser. */
function finished(
  response: Response,
  { correlationId, browser }: Session,
  connectingCookie: GraphqlOptions['connectingCookie'],
): Response {
  response.headers.set('x-correlation-id', correlationId);
  if (browser.nonce !== null)
    response.headers.append('set-cookie', connectingCookie(browser.nonce));
  return response;
}

/** A socket is watched as a whole, not operation by operation. */
const unwatched: Session['watch'] = () => ({
  signal: new AbortController().signal,
  release: () => undefined,
});

/** Over HTTP the next message is made when the one before was taken. */
const nothingBuffered = (): number => 0;

function unauthenticated(correlationId: string): Response {
  const message =
    'Send an API key: Authorization: Bearer <key>. A session needs the header x-ledgerbridge-csrf beside its cookie.';
  const extensions = { code: 'UNAUTHENTICATED', correlationId };
  return Response.json(
    { errors: [{ message, extensions }] },
    { status: 401, headers: { 'www-authenticate': 'Bearer', 'x-correlation-id': correlationId } },
  );
}

/** The token limit, the document rules, the price, the subscription loop, and what every answer carries. */
const ourRules = (log: Log, documents: TrustedDocuments): Plugin<RunContext> => ({
  onParams: ({ params, setParams }) => {
    const query = publishedText(params.query, params.extensions, documents);
    if (query !== '') setParams({ ...params, query });
  },
  onParse: ({ setParseFn }) => {
    setParseFn((source) => parseDocument(typeof source === 'string' ? source : source.body));
  },
  // Whether a document is sound is remembered for all callers, so nothing may be judged here that depends on who asks.
  onValidate: ({ addValidationRule }) => addValidationRule(limitRule),
  onExecute: async ({ args, setResultAndStopExecution }) => {
    if (!isRunContext(args.contextValue)) return;
    const { document, contextValue } = args;
    const refusal =
      untrusted(document, contextValue, documents) ?? (await charge(args, contextValue));
    if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
  },
  onSubscribe: ({ args, setSubscribeFn, setResultAndStopExecution }) => {
    const { document, contextValue } = args;
    const refusal = isRunContext(contextValue)
      ? untrusted(document, contextValue, documents)
      : null;
    if (refusal === null) setSubscribeFn(runSubscription);
    else setResultAndStopExecution({ errors: [refusal] });
  },
  onExecutionResult: (payload) => {
    const { result, context } = payload;
    const session = sessionIn(context);
    if (result === undefined || session === null) return;
    if (Symbol.asyncIterator in result) {
      payload.setResult(mapped(result, (one) => answerOf(one, session, log)));
    } else {
      payload.setResult({ ...result, ...answerOf(result, session, log) });
    }
  },
});

/** The session of a request, from the moment it has one. */
const sessionIn = (context: object): Session | null =>
  'session' in context && isSession(context.session) ? context.session : null;

const isSession = (value: unknown): value is Session =>
  typeof value === 'object' && value !== null && 'correlationId' in value;
