import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FaultRule } from '../control/faults.ts';
import { hashBody } from '../control/mutation-log.ts';
import type { StateChange } from '../control/state-file.ts';
import type { Answer } from './decision.ts';
import {
  granted,
  problemBody,
  problemOfStatus,
  refused,
  type Judged,
  type Problem,
} from './problem.ts';
import { injectedBody } from './injected-body.ts';
import { routes, type Method, type Received, type Route } from './routes.ts';
import type { Simulator } from './simulator.ts';

/** The bearer token every caller of the API shows; the control verbs take none. */
const simulatorInvoicingToken = 'simulator-invoicing-token';

const paramsSchema = z.object({ id: z.string().default('') });
const methods: readonly Method[] = ['GET', 'POST', 'PATCH', 'DELETE'];

/** Serves the table of http.md §4; a method a path does not have is 405. */
export function serveApi(app: FastifyInstance, simulator: Simulator): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.url,
      handler: (request, reply) => serveRoute(simulator, route, request, reply),
    });
  }
  for (const url of new Set(routes.map((route) => route.url))) {
    const allowed = routes.filter((route) => route.url === url).map((route) => route.method);
    app.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url,
      handler: (request, reply) => {
        const detail = `${request.method} is not served here.`;
        void reply.header('allow', allowed.join(', '));
        return sendProblem(reply, refused('method-not-allowed', detail).problem);
      },
    });
  }
}

/** Problem details with the headers that belong to them (RFC 9457). */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem)));
}

/** The effect of the rule that fired for a request, for the request log. */
export const firedEffects = new WeakMap<object, string>();

async function serveRoute(
  simulator: Simulator,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isAuthorized(request.headers.authorization)) {
    const detail = 'Authorization: Bearer is missing or its token is not known.';
    return sendProblem(reply, refused('unauthorized', detail).problem);
  }
  const requestId = headerOf(request, 'idempotency-key');
  const rule = simulator.faults.match({ ...route, requestId });
  if (rule !== null) firedEffects.set(request, rule.effect);

  const received: Received = {
    id: paramsSchema.parse(request.params).id,
    query: request.query,
    body: request.body,
    ifMatch: headerOf(request, 'if-match'),
    requestId,
  };
  const path = request.url.split('?')[0] ?? '';
  const fingerprint = hashBody([request.method, path, request.body ?? null]);
  const run = (how: Manner) => runCall(simulator, route, received, fingerprint, how);
  return serveUnder(rule, run, reply);
}

/** How a call is run: after a wait, and with or without regard to its key. */
export type Manner = { readonly waitMs: number; readonly ignoresKey: boolean };
export const plainly: Manner = { waitMs: 0, ignoresKey: false };

/** What each effect of http.md §5 does to a call. */
async function serveUnder(
  rule: FaultRule | null,
  run: (how: Manner) => Promise<Judged<Answer>>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (rule === null) return send(reply, await run(plainly));
  const { effect, params } = rule;
  switch (effect) {
    case 'latency':
      return send(reply, await run({ ...plainly, waitMs: params.ms ?? 1_000 }));
    case 'drop-before':
      return cutOff(reply);
    case 'drop-after':
      await run(plainly);
      return cutOff(reply);
    case 'commit-late':
      void run({ ...plainly, waitMs: params.delayMs ?? 1_000 });
      return params.status === undefined ? cutOff(reply) : sendInjected(reply, rule, params.status);
    case 'fault-after':
      await run(plainly);
      return sendInjected(reply, rule, params.status ?? 500);
    case 'status':
      return sendInjected(reply, rule, params.status ?? 503);
    case 'stale':
      return sendInjected(reply, rule, 412);
    case 'requestid-ignored':
      return send(reply, await run({ ...plainly, ignoresKey: true }));
    default:
      return effect satisfies never;
  }
}

/** Runs a call once: a key that was answered gives the first answer, one still running 409 (http.md §4). */
export async function runCall(
  simulator: Simulator,
  route: Route,
  received: Received,
  fingerprint: string,
  { waitMs, ignoresKey }: Manner,
): Promise<Judged<Answer>> {
  const { answers, clock } = simulator;
  if (route.method === 'GET' || ignoresKey) {
    if (!(await simulator.pause(waitMs))) return refused('unavailable', 'Closing.');
    return performNow(simulator, route, received, () => []);
  }

  const key = received.requestId;
  if (key === null) return refused('key-missing', 'Send an Idempotency-Key with every write.');
  const state = answers.lookUp(key, fingerprint, clock.now());
  if (state.kind === 'answered') return granted(replayed(state.answer));
  if (state.kind === 'running') {
    return refused('key-in-use', `${key} is still running.`, { retryAfterSeconds: 1 });
  }
  if (state.kind === 'other-request') {
    return refused('key-reused', `${key} came with another method, path or body before.`);
  }

  answers.start(key, fingerprint);
  try {
    if (!(await simulator.pause(waitMs))) return refused('unavailable', 'Closing.');
    const keep = (answer: Answer) => answers.keep(key, fingerprint, answer, clock.now());
    return performNow(simulator, route, received, keep);
  } finally {
    answers.finish(key);
  }
}

/** The time of a change is when it is made, not when it was asked for: a late commit must not hide behind `updatedSince`. */
function performNow(
  simulator: Simulator,
  route: Route,
  received: Received,
  keep: (answer: Answer) => readonly StateChange[],
): Judged<Answer> {
  const act = simulator.act('api', 'ledgerbridge', received.requestId);
  const judge = () => route.judge(simulator, { ...received, act });
  return simulator.perform(judge, act, received.body, keep);
}

function replayed(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
}

function send(reply: FastifyReply, outcome: Judged<Answer>): FastifyReply {
  if (!outcome.ok) return sendProblem(reply, outcome.problem);
  const { status, body, headers } = outcome.value;
  return reply.code(status).headers(headers).send(body);
}

function sendInjected(reply: FastifyReply, { params }: FaultRule, status: number): FastifyReply {
  const problem = problemOfStatus(status, params.retryAfter);
  const page = injectedBody(params.body ?? 'json', problem);
  if (page === null) return sendProblem(reply, problem);
  if (problem.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(problem.retryAfterSeconds));
  }
  return reply.code(status).header('content-type', page.contentType).send(page.text);
}

/** The connection ends without an answer, as when a proxy or a process dies. */
function cutOff(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function isAuthorized(authorization: string | undefined): boolean {
  const expected = Buffer.from(`Bearer ${simulatorInvoicingToken}`);
  const got = Buffer.from(authorization ?? '');
  return got.length === expected.length && timingSafeEqual(got, expected);
}
