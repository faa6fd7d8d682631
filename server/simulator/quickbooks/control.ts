import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { faultRulesBody } from '../control/faults.ts';
import { behaviourSchema } from './behaviour.ts';
import { companyChanges, toCompanyObjects } from './company-load.ts';
import { entityNames } from './entities.ts';
import { QuickBooksFault } from './fault-bodies.ts';
import { actAsHuman, humanAction } from './human.ts';
import { isObject, parseJson, textOf, type JsonObject } from './json.ts';
import { limitsSchema } from './limits.ts';
import { amountOf } from './money.ts';
import { present } from './references.ts';
import { resetSimulator, type CompanyWish } from './reset.ts';
import { demoRealm, type QuickBooksSimulator } from './simulator.ts';
import { toWireJson } from './wire.ts';
import { webhooksBody } from './webhooks.ts';

/** A recorded company with tens of thousands of forms. */
const companyBytesMax = 256 * 1024 * 1024;

const company = z.custom<JsonObject>(isObject, 'not an object');
const resetBody = z.strictObject({
  seed: z.string().optional(),
  /** Objects by entity, loaded as they are in the place of the demo company. */
  company: company.optional(),
  realm: z
    .string()
    .regex(/^\d{1,20}$/)
    .default(demoRealm),
  /** A year of invoices in the demo company; as at the start when absent. */
  history: z.boolean().optional(),
});
const redeliverBody = z.strictObject({ after: z.union([z.int(), z.string()]).default(0) });
const clockBody = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.number().optional(),
});
const realmParams = z.object({ realm: z.string() });
const afterQuery = z.object({ after: z.coerce.number().int().default(0) });

/** What people and tests steer the simulator with (http.md §5). */
export function serveControl(
  app: FastifyInstance,
  simulator: QuickBooksSimulator,
  fresh: CompanyWish,
): void {
  serveReset(app, simulator, fresh);
  serveRealms(app, simulator);
  serveKnobs(app, simulator);
  serveWebhooks(app, simulator);
}

/** Answers a control call; what cannot be done says why. */
function control<Body>(
  schema: z.ZodType<Body>,
  act: (body: Body, request: FastifyRequest) => JsonObject,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (request, reply) => {
    const text = typeof request.body === 'string' ? request.body : '';
    const parsed = schema.safeParse(text === '' ? {} : parseJson(text));
    if (!parsed.success) return problem(reply, 400, { message: z.prettifyError(parsed.error) });
    try {
      return reply.type('application/json').send(toWireJson(act(parsed.data, request)));
    } catch (error) {
      if (error instanceof QuickBooksFault) {
        return problem(reply, 400, {
          message: error.message,
          code: error.code,
          detail: error.detail ?? null,
        });
      }
      if (error instanceof UnknownRealm) return problem(reply, 404, { message: error.message });
      throw error;
    }
  };
}

function problem(reply: FastifyReply, status: number, error: JsonObject): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify({ error }));
}

class UnknownRealm extends Error {}

function realmOf(simulator: QuickBooksSimulator, request: FastifyRequest): string {
  const { realm } = realmParams.parse(request.params);
  if (!simulator.realms().includes(realm)) throw new UnknownRealm(`there is no realm ${realm}`);
  return realm;
}

const anything = z.unknown();

/** `fresh` is the company the simulator started with: what a reset without wishes returns to. */
function serveReset(
  app: FastifyInstance,
  simulator: QuickBooksSimulator,
  fresh: CompanyWish,
): void {
  app.post(
    '/_control/reset',
    { bodyLimit: companyBytesMax },
    control(resetBody, ({ seed, company: given, realm, history }) => {
      const objects = given === undefined ? undefined : readObjects(given);
      resetSimulator(simulator, {
        ...fresh,
        seed: seed ?? fresh.seed,
        history: history ?? fresh.history,
      });
      if (objects !== undefined) simulator.replaceCompany(realm, companyChanges(realm, objects));
      return { realms: simulator.realms() };
    }),
  );
}

function readObjects(given: JsonObject): ReturnType<typeof toCompanyObjects> {
  try {
    return toCompanyObjects(given);
  } catch (error) {
    throw new QuickBooksFault('2000', error instanceof Error ? error.message : 'not a company');
  }
}

function serveRealms(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.get(
    '/_control/realms',
    control(anything, () => ({
      realms: simulator.realms().map((realm) => ({
        realm,
        companyName: textOf(simulator.books(realm).single('CompanyInfo'), 'CompanyName') ?? '',
        connected: simulator.tokens.isConnected(realm),
      })),
    })),
  );
  app.get(
    '/_control/realms/:realm/state',
    control(anything, (_body, request) => {
      const books = simulator.books(realmOf(simulator, request));
      const filled = entityNames.filter((entity) => books.all(entity).length > 0);
      return Object.fromEntries(
        filled.map((entity) => [entity, books.all(entity).map((object) => present(books, object))]),
      );
    }),
  );
  app.get(
    '/_control/realms/:realm/invoices',
    control(anything, (_body, request) => ({
      invoices: simulator.books(realmOf(simulator, request)).all('Invoice').map(inALine),
    })),
  );
  app.get(
    '/_control/realms/:realm/mutations',
    control(anything, (_body, request) => ({
      mutations: [...simulator.mutations(realmOf(simulator, request)).after(afterOf(request))],
    })),
  );
  app.get(
    '/_control/realms/:realm/requests',
    control(anything, (_body, request) => {
      const realm = realmOf(simulator, request);
      const concerns = (path: string): boolean =>
        !path.startsWith('/v3/company/') || path.startsWith(`/v3/company/${realm}/`);
      return {
        requests: simulator.requests.after(afterOf(request)).filter(({ path }) => concerns(path)),
      };
    }),
  );
  app.post(
    '/_control/realms/:realm/human',
    control(humanAction, (action, request) => ({
      ...actAsHuman(simulator, realmOf(simulator, request), action),
    })),
  );
  app.post(
    '/_control/realms/:realm/token',
    control(anything, (_body, request) => {
      const pair = simulator.tokens.connect(realmOf(simulator, request), simulator.nowMs);
      return { accessToken: pair.accessToken, refreshToken: pair.refreshToken, realm: pair.realm };
    }),
  );
  app.post(
    '/_control/realms/:realm/disconnect',
    control(anything, (_body, request) => {
      simulator.tokens.disconnect(realmOf(simulator, request));
      return { connected: false };
    }),
  );
}

/** One invoice in a line; `mark` is the id of the internal invoice that the last line of its note names, or null. */
function inALine(invoice: JsonObject): JsonObject {
  const note = textOf(invoice, 'PrivateNote') ?? '';
  const total = amountOf(invoice, 'TotalAmt');
  return {
    id: textOf(invoice, 'Id') ?? '',
    number: textOf(invoice, 'DocNumber') ?? null,
    total: total.toFixed(2),
    mark: /LedgerBridge (\S+)/.exec(note)?.[1] ?? null,
    isGone: total.isZero() && note.includes('Voided'),
  };
}

function afterOf(request: FastifyRequest): number {
  const query = afterQuery.safeParse(request.query);
  return query.success ? query.data.after : 0;
}

function serveKnobs(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  const rules = (): JsonObject => ({ rules: simulator.faults.list().map((rule) => asJson(rule)) });
  app.get('/_control/faults', control(anything, rules));
  app.put(
    '/_control/faults',
    control(faultRulesBody, (body) => {
      simulator.faults.replace(body.rules);
      return rules();
    }),
  );

  app.get(
    '/_control/behaviour',
    control(anything, () => asJson(simulator.behaviour)),
  );
  app.put(
    '/_control/behaviour',
    control(behaviourSchema.partial(), (body) => {
      simulator.behaviour = behaviourSchema.parse({ ...simulator.behaviour, ...body });
      simulator.keepSettings();
      return asJson(simulator.behaviour);
    }),
  );

  app.get(
    '/_control/limits',
    control(anything, () => limitsShown(simulator)),
  );
  app.put(
    '/_control/limits',
    control(limitsSchema.partial(), (body) => {
      simulator.throttle.replace(limitsSchema.parse({ ...simulator.throttle.limits, ...body }));
      return limitsShown(simulator);
    }),
  );

  app.get(
    '/_control/clock',
    control(anything, () => ({ now: simulator.clock.now().toISOString() })),
  );
  app.put(
    '/_control/clock',
    control(clockBody, ({ now, advanceMs }) => {
      if (now !== undefined) simulator.clock.set(new Date(now));
      if (advanceMs !== undefined) simulator.clock.advance(advanceMs);
      simulator.keepSettings();
      return { now: simulator.clock.now().toISOString() };
    }),
  );
}

function limitsShown({ throttle, nowMs }: QuickBooksSimulator): JsonObject {
  return { ...throttle.limits, usedReads: throttle.monthlyReads(nowMs) };
}

function asJson(value: unknown): JsonObject {
  const json = parseJson(JSON.stringify(value));
  return isObject(json) ? json : {};
}

function serveWebhooks(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  const { webhooks } = simulator;
  const shown = (): JsonObject => {
    const { verifierToken: _secret, ...settings } = webhooks.settings();
    return { ...settings, counts: { ...webhooks.counts(), left: webhooks.left() } };
  };
  app.get('/_control/webhooks', control(anything, shown));
  app.put(
    '/_control/webhooks',
    control(webhooksBody, (body) => {
      simulator.configureWebhooks(body);
      return shown();
    }),
  );
  app.post(
    '/_control/webhooks/redeliver',
    control(redeliverBody, ({ after }) => ({ events: webhooks.redeliver(after) })),
  );
}
