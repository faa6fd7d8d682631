import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { z } from 'zod';
import { firedEffects, sendAnswer, serveCompanies } from './company-routes.ts';
import { serveControl } from './control.ts';
import { QuickBooksFault, toFaultAnswer } from './fault-bodies.ts';
import { intuitLimits, noLimits } from './limits.ts';
import { serveOAuth } from './oauth-routes.ts';
import { servePages } from './page.ts';
import { seedSimulator } from './reset.ts';
import { QuickBooksSimulator } from './simulator.ts';

export type QuickBooksSimulatorOptions = {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Null, the default, keeps everything in memory. */
  readonly dataDir?: string | null | undefined;
  readonly seed?: string | undefined;
  /** A folder of `<Entity>.json` arrays, loaded as they are, instead of the demo company. */
  readonly seedDir?: string | undefined;
  /** A year of invoices in the demo company; off by default, so that a test starts with an empty ledger. */
  readonly history?: boolean | undefined;
  /** `intuit` for Intuit's numbers; `none`, the default, so that a burst of test calls is not throttled by surprise. */
  readonly limits?: 'intuit' | 'none' | undefined;
  readonly log?: boolean | undefined;
};

export type RunningSimulator = {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

const bodyBytesMax = 8 * 1024 * 1024;

/** Starts the QuickBooks Online simulator (http.md §5); companies kept from before go on where they were. */
export async function createQuickBooksSimulator(
  options: QuickBooksSimulatorOptions = {},
): Promise<RunningSimulator> {
  const simulator = new QuickBooksSimulator({
    dataDir: options.dataDir ?? null,
    seed: options.seed ?? 'demo',
    limits: options.limits === 'intuit' ? intuitLimits : noLimits,
  });
  const fresh = {
    seed: simulator.seed,
    history: options.history === true,
    seedDir: options.seedDir,
  };
  if (simulator.isEmpty) seedSimulator(simulator, fresh);

  const app = Fastify({
    logger: options.log === true,
    bodyLimit: bodyBytesMax,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 10_000 },
    frameworkErrors: (error, request, reply) => {
      void answerError(simulator, error, request, reply);
    },
  });
  readText(app);
  noteRequests(app, simulator);
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answerError(simulator, error, request, reply),
  );
  app.setNotFoundHandler((request, reply) => {
    const fault = new QuickBooksFault(
      '500',
      `Operation Could not find resource for relative : ${request.url} is not supported.`,
    );
    return sendAnswer(reply, toFaultAnswer(fault, simulator.nowMs), 0);
  });
  serveCompanies(app, simulator);
  serveOAuth(app, simulator);
  serveControl(app, simulator, fresh);
  servePages(app, simulator);

  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const { port } = z.object({ port: z.int() }).parse(app.server.address());
  simulator.baseUrl = `http://${host}:${port}`;
  return {
    url: simulator.baseUrl,
    port,
    close: async () => {
      simulator.close();
      await app.close();
    },
  };
}

/** Bodies are read as text whatever they claim to be: clients send JSON, forms and nothing under odd names. */
function readText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** Every call of the app goes into the log, the ones cut off included; every answer carries the simulator's time. */
function noteRequests(app: FastifyInstance, { requests, clock }: QuickBooksSimulator): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('date', clock.now().toUTCString());
    if (/^\/(v3|oauth2|v2)\//.test(request.url)) noteRequest(request, reply);
    done();
  });

  function noteRequest(request: FastifyRequest, reply: FastifyReply): void {
    const [path = '', query = ''] = request.url.split('?');
    const requestId = new URLSearchParams(query).get('requestid');
    const seq = requests.begin({ method: request.method, path, query, requestId }, clock.now());
    const finish = (status: number | null): void =>
      requests.finish(seq, { status, fault: firedEffects.get(request) ?? null }, clock.now());
    reply.raw.once('finish', () => finish(reply.raw.statusCode));
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) finish(null); // cut off before the answer was out
    });
  }
}

/** What goes wrong before a route is reached, and bugs: never a stack trace, always a fault. */
function answerError(
  simulator: QuickBooksSimulator,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error(error);
  const fault =
    status < 500
      ? new QuickBooksFault('2010', `Property Name:${error.code} is unsupported or invalid`)
      : new QuickBooksFault(
          '10000',
          'System Failure Error: the simulator has a bug.',
          undefined,
          500,
        );
  return sendAnswer(reply, toFaultAnswer(fault, simulator.nowMs), 0);
}
