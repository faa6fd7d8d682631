import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { holds, type Access } from '#ports/access.ts';
import { bytesOf, takeRawBodies } from './raw-body.ts';
import { factsOf } from './request-facts.ts';

/** What demo mode lets people do to the machinery around the bridge. */
export type Demo = {
  readonly quickbooksUrl: string;
  readonly invoicingUrl: string;
  readonly worker: DemoWorker;
};

/** The worker process beside this one. */
export type DemoWorker = {
  /** False when none runs. */
  readonly signal: (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => boolean;
  readonly status: () => {
    readonly isRunning: boolean;
    readonly isFrozen: boolean;
    readonly startedCount: number;
  };
};

export type DemoParts = { readonly demo: Demo; readonly access: Access };

const order = z.object({ signal: z.enum(['KILL', 'STOP', 'CONT']) });
const params = z.object({ '*': z.string() });

/** The simulators' `/_control` and the worker's signals, for who may operate (http.md §2). */
export async function demoRoutes(app: FastifyInstance, { demo, access }: DemoParts): Promise<void> {
  takeRawBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    const caller = await access.callerOf(factsOf(request));
    if (caller === null) return reply.code(401).send({ message: 'Send an API key.' });
    if (!holds(caller, 'OPERATE')) return reply.code(403).send({ message: 'This needs OPERATE.' });
    return undefined;
  });
  app.get('/demo/worker', () => demo.worker.status());
  app.post('/demo/worker', (request, reply) => signalWorker(request, reply, demo));
  app.all('/demo/quickbooks/*', (request, reply) => pass(request, reply, demo.quickbooksUrl));
  app.all('/demo/invoicing/*', (request, reply) => pass(request, reply, demo.invoicingUrl));
}

function signalWorker(request: FastifyRequest, reply: FastifyReply, demo: Demo): FastifyReply {
  const parsed = order.safeParse(jsonOf(bytesOf(request.body)));
  if (!parsed.success) {
    return reply.code(400).send({ message: 'Send {"signal": "KILL", "STOP" or "CONT"}.' });
  }
  const signalled = demo.worker.signal(`SIG${parsed.data.signal}`);
  return signalled
    ? reply.code(202).send({ signal: parsed.data.signal })
    : reply.code(409).send({ message: 'No worker process is running.' });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Hands the request to a simulator's control routes and its answer back. */
async function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  simulatorUrl: string,
): Promise<FastifyReply> {
  const rest = params.parse(request.params)['*'];
  const url = new URL(`/_control/${rest}`, simulatorUrl);
  if (!url.pathname.startsWith('/_control/')) return reply.code(404).send();
  url.search = new URL(request.url, 'http://localhost').search;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await fetch(url, {
    method: request.method,
    headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
    ...(hasBody && { body: bytesOf(request.body) }),
  });
  return reply
    .code(answer.status)
    .header('content-type', answer.headers.get('content-type') ?? 'application/json')
    .send(Buffer.from(await answer.arrayBuffer()));
}
