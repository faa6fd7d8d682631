import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultRule } from '../control/faults.ts';
import {
  callKindOf,
  entityOf,
  faultOperationOf,
  noResource,
  toCall,
  type Call,
  type CompanyRequest,
} from './calls.ts';
import { execute, type Execution } from './execution.ts';
import {
  gatewayErrors,
  QuickBooksFault,
  staleObject,
  toFaultAnswer,
  toGatewayAnswer,
  type Answer,
} from './fault-bodies.ts';
import { injectedAnswer, throttledAnswer } from './injection.ts';
import { duplicate } from './request-ids.ts';
import type { QuickBooksSimulator } from './simulator.ts';

/** The effect that hit a request, for the request log. */
export const firedEffects = new WeakMap<FastifyRequest, string>();

type Reply = Answer | 'hang-up';

/** Everything under `/v3/company/{realm}`: gateway first, then the books. */
export function serveCompanies(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  const door = new CompanyDoor(simulator);
  app.all('/v3/company/*', async (request, reply) => {
    const startedMs = simulator.nowMs;
    const answer = await door.answer(request);
    if (answer === 'hang-up') {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    return sendAnswer(reply, answer, simulator.nowMs - startedMs);
  });
}

/** Sends an answer with the headers Intuit's carry (quickbooks.md §2.1). */
export function sendAnswer(reply: FastifyReply, answer: Answer, tookMs: number): FastifyReply {
  return reply
    .code(answer.status)
    .headers({
      'cache-control': 'max-age=0, no-cache, no-store, must-revalidate, private',
      intuit_tid: `1-${randomUUID().replaceAll('-', '').slice(0, 32)}`,
      'qbo-version': '1990.153',
      'service-time': `total=${tookMs}, db=${Math.floor(tookMs / 2)}`,
      ...answer.headers,
    })
    .header('content-type', answer.contentType)
    .send(Buffer.from(answer.body)); // bytes, or fastify would add a charset that faults do not have
}

class CompanyDoor {
  readonly #simulator: QuickBooksSimulator;
  /** Requests under way by realm and requestid, for second copies that arrive meanwhile (quickbooks.md §3). */
  readonly #inFlight = new Map<string, Promise<unknown>>();

  constructor(simulator: QuickBooksSimulator) {
    this.#simulator = simulator;
  }

  async answer(request: FastifyRequest): Promise<Reply> {
    const { simulator } = { simulator: this.#simulator };
    const companyRequest = toCompanyRequest(request);
    const wantsXml = asksForXml(request, companyRequest.query);
    const refusal = this.#refusal(request, companyRequest);
    if (refusal !== undefined) return refusal;

    let call: Call;
    try {
      if (!isRealm(companyRequest.realm)) throw noResource(companyRequest);
      call = toCall(companyRequest);
    } catch (error) {
      if (!(error instanceof QuickBooksFault)) throw error;
      return toFaultAnswer(error, simulator.nowMs, wantsXml);
    }
    const { realm, query } = companyRequest;
    if (!simulator.throttle.admit(realm, callKindOf(call), simulator.nowMs)) {
      return throttledAnswer(simulator);
    }
    try {
      const requestId = query.get('requestid');
      return await this.#oneAtATime({ simulator, realm, call, requestId, wantsXml }, request);
    } finally {
      simulator.throttle.release(realm);
    }
  }

  /** Tokens are judged before anything else: an unknown path with a dead token is 401 (quickbooks.md §1.3). */
  #refusal(request: FastifyRequest, { realm }: CompanyRequest): Answer | undefined {
    const { tokens, nowMs } = this.#simulator;
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    const verdict = tokens.judge(scheme?.toLowerCase() === 'bearer' ? token : undefined, nowMs);
    if (verdict.kind === 'refused')
      return toGatewayAnswer(gatewayErrors.expired(verdict.detail), nowMs);
    if (verdict.realm === realm || !isRealm(realm)) return undefined;
    return toGatewayAnswer(gatewayErrors.forbidden('ApplicationAuthorizationFailed'), nowMs);
  }

  /** What a second copy does while the first still runs is a knob (quickbooks.md §10). */
  async #oneAtATime(execution: Execution, request: FastifyRequest): Promise<Reply> {
    const { simulator, realm, requestId, wantsXml } = execution;
    if (requestId === null || simulator.behaviour.requestidInFlight === 'execute') {
      return await this.#withFaults(execution, request);
    }
    const key = `${realm}/${requestId}`;
    const running = this.#inFlight.get(key);
    if (running !== undefined && simulator.behaviour.requestidInFlight === 'reject') {
      return toFaultAnswer(duplicate(requestId), simulator.nowMs, wantsXml);
    }
    if (running !== undefined) await running;
    return await this.#withFaults(execution, request);
  }

  async #withFaults(execution: Execution, request: FastifyRequest): Promise<Reply> {
    const { simulator, call, requestId } = execution;
    const rule = simulator.faults.match({
      operation: faultOperationOf(call),
      entity: entityOf(call),
      requestId,
    });
    if (rule === null) return execute(execution);
    firedEffects.set(request, rule.effect);
    return await this.#inject(execution, rule);
  }

  async #inject(execution: Execution, rule: FaultRule): Promise<Reply> {
    const { simulator, wantsXml } = execution;
    const injected = (): Answer => injectedAnswer(rule, simulator.nowMs);
    switch (rule.effect) {
      case 'latency':
        return await this.#holding(execution, this.#late(execution, rule.params.ms ?? 0));
      case 'drop-before':
        return 'hang-up';
      case 'drop-after':
        execute(execution);
        return 'hang-up';
      case 'commit-late':
        void this.#holding(execution, this.#late(execution, rule.params.delayMs ?? 0));
        return rule.params.status === undefined ? 'hang-up' : injected();
      case 'fault-after': {
        const answer = execute(execution);
        return answer.status < 400 ? injected() : answer;
      }
      case 'status':
        return injected();
      case 'stale':
        return toFaultAnswer(staleObject(), simulator.nowMs, wantsXml);
      case 'requestid-ignored':
        return execute({ ...execution, requestId: null });
      default:
        return rule.effect satisfies never;
    }
  }

  /** Carried out after a while, unless the simulator is closed before. */
  async #late(execution: Execution, ms: number): Promise<Reply> {
    const isOpen = await this.#simulator.pause(ms);
    return isOpen ? execute(execution) : 'hang-up';
  }

  async #holding(execution: Execution, work: Promise<Reply>): Promise<Reply> {
    const key = `${execution.realm}/${execution.requestId}`;
    this.#inFlight.set(key, work);
    try {
      return await work;
    } finally {
      if (this.#inFlight.get(key) === work) this.#inFlight.delete(key);
    }
  }
}

/** Without a realm the next part of the path stands in its place: then there is no such resource (recorded). */
function isRealm(text: string): boolean {
  return /^\d/.test(text);
}

function toCompanyRequest(request: FastifyRequest): CompanyRequest {
  const [path = '', ...queryParts] = request.url.split('?');
  // A second question mark is how node-quickbooks adds its own parameters to an address that has some.
  const query = new URLSearchParams(queryParts.join('&'));
  const [, , , realm = '', ...segments] = path.split('/').map(decode);
  return {
    method: request.method,
    realm,
    segments: segments.filter((segment) => segment !== ''),
    query,
    body: typeof request.body === 'string' ? request.body : '',
    path: request.url,
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** JSON unless XML is asked for in so many words. */
function asksForXml(request: FastifyRequest, query: URLSearchParams): boolean {
  if (query.get('format') === 'json') return false;
  const accept = request.headers.accept ?? '';
  return /\bxml\b/.test(accept) && !/\bjson\b/.test(accept);
}
