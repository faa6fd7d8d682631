import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { z } from 'zod';
import { Activity } from './activity.ts';
import { firedEffects, sendProblem, serveApi } from './api.ts';
import { serveControl } from './control.ts';
import { demoCompany } from './demo-history.ts';
import { refused } from './problem.ts';
import { readSeedDirectory } from './seed.ts';
import { Simulator } from './simulator.ts';

export type InvoicingSimulatorOptions = {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Null, the default, keeps everything in memory. */
  readonly dataDir?: string | null | undefined;
  readonly seed?: string | undefined;
  /** A folder of `Invoice.json` and the like, instead of the demo company. */
  readonly seedDir?: string | undefined;
  /** Starts without the demo company, for whoever loads another one at once; off by default. */
  readonly bare?: boolean | undefined;
  readonly activityPerMinute?: number | undefined;
  readonly log?: boolean | undefined;
};

export type RunningSimulator = {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

const bodyBytesMax = 1024 * 1024;

/** Starts the internal invoicing simulator (http.md §4 and §6); a company kept from before goes on where it was. */
export async function createInvoicingSimulator(
  options: InvoicingSimulatorOptions = {},
): Promise<RunningSimulator> {
  const simulator = new Simulator({
    dataDir: options.dataDir ?? null,
    seed: options.seed ?? 'demo',
  });
  if (simulator.company.isEmpty() && options.bare !== true) {
    simulator.replaceCompany(
      options.seedDir === undefined
        ? demoCompany(simulator.seed, simulator.clock.now())
        : readSeedDirectory(options.seedDir),
    );
  }

  const app = Fastify({
    logger: options.log === true,
    bodyLimit: bodyBytesMax,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, refused('bad-request', error.message).problem); // a URL that cannot be decoded
    },
  });
  const activity = new Activity(simulator);
  readJson(app);
  noteRequests(app, simulator);
  answerErrors(app);
  serveApi(app, simulator);
  serveControl(app, simulator, activity);

  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const { port } = z.object({ port: z.int() }).parse(app.server.address());
  simulator.baseUrl = `http://${host}:${port}`;
  activity.setPerMinute(options.activityPerMinute ?? 0);

  return {
    url: simulator.baseUrl,
    port,
    close: async () => {
      activity.stop();
      await app.close();
      simulator.close();
    },
  };
}

/** JSON and JSON merge patch; an empty body is none. */
function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else void parse(request, String(body), done);
    },
  );
}

/** Every API request goes into the log, the ones cut off included; every answer carries the simulator's time. */
function noteRequests(app: FastifyInstance, { requests, clock }: Simulator): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('date', clock.now().toUTCString());
    if (!request.url.startsWith('/_control')) noteRequest(request, reply);
    done();
  });

  function noteRequest(request: FastifyRequest, reply: FastifyReply): void {
    const [path = '', query = ''] = request.url.split('?');
    const key = request.headers['idempotency-key'];
    const requestId = typeof key === 'string' ? key : null;
    const seq = requests.begin({ method: request.method, path, query, requestId }, clock.now());

    const finish = (status: number | null) =>
      requests.finish(seq, { status, fault: firedEffects.get(request) ?? null }, clock.now());
    reply.raw.once('finish', () => finish(reply.raw.statusCode));
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) finish(null); // cut off before the answer was out
    });
  }
}

/** What goes wrong before a route is reached is a problem document too. */
function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, refused('not-found', `Nothing is at ${request.url.split('?')[0]}.`).problem),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    switch (error.statusCode) {
      case 413:
        return sendProblem(
          reply,
          refused('body-too-large', `The limit is ${bodyBytesMax} bytes.`).problem,
        );
      case 415:
        return sendProblem(reply, refused('media-type', 'Send application/json.').problem);
      case 400:
        return sendProblem(reply, refused('bad-request', error.message).problem);
      case undefined:
      default:
        request.log.error(error);
        return sendProblem(reply, refused('internal-error', 'The simulator has a bug.').problem);
    }
  });
}
