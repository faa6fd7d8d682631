import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { faultRulesBody } from '../control/faults.ts';
import { seededRandom } from '../control/random.ts';
import { Activity } from './activity.ts';
import { sendProblem } from './api.ts';
import { demoCompany } from './demo-history.ts';
import { colleagues } from './demo-people.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { actAsHuman, humanAction } from './human.ts';
import { showInvoice } from './invoices.ts';
import { refusedFields } from './problem.ts';
import { recordsOf } from './seed.ts';
import type { Simulator } from './simulator.ts';
import { webhooksBody } from './webhooks.ts';
import { companyDataSchema } from './wire.ts';

/** A company of 10,000 invoices comes in one body. */
const companyBytesMax = 64 * 1024 * 1024;

const resetBody = z.strictObject({
  seed: z.string().optional(),
  company: companyDataSchema.strict().optional(),
});
const clockBody = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.int().optional(),
});
const activityBody = z.strictObject({ perMinute: z.number().min(0).max(600) });
const afterQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** The control verbs of http.md §6, for people, tests and the SPA's simulator page; they need no token. */
export function serveControl(app: FastifyInstance, simulator: Simulator, activity: Activity): void {
  const { company, clock, faults, webhooks, requests } = simulator;
  const persons = seededRandom(`${simulator.seed} persons`);

  app.post('/_control/reset', { bodyLimit: companyBytesMax }, (request, reply) =>
    withParsed(reply, resetBody, request.body ?? {}, ({ seed, company: data }) => {
      clock.reset();
      simulator.replaceCompany(
        data === undefined ? demoCompany(seed ?? simulator.seed, clock.now()) : recordsOf(data),
      );
      return countsOf(simulator);
    }),
  );
  app.get('/_control/state', () => stateOf(simulator));
  app.get('/_control/invoices', () => ({ invoices: listOf(simulator) }));
  app.get('/_control/mutations', (request, reply) =>
    withParsed(reply, afterQuery, request.query, ({ after }) => ({
      mutations: company.mutationsAfter(after),
    })),
  );
  app.get('/_control/requests', (request, reply) =>
    withParsed(reply, afterQuery, request.query, ({ after }) => ({
      requests: requests.after(after),
    })),
  );
  app.post('/_control/human', (request, reply) =>
    withParsed(reply, humanAction, request.body, (action) => {
      const deed = actAsHuman(simulator, action, persons.pick(colleagues));
      return deed.ok ? deed.value : sendProblem(reply, deed.problem);
    }),
  );

  app.get('/_control/faults', () => ({ rules: faults.list() }));
  app.put('/_control/faults', (request, reply) =>
    withParsed(reply, faultRulesBody, request.body, ({ rules }) => {
      faults.replace(rules);
      return { rules: faults.list() };
    }),
  );
  app.get('/_control/webhooks', () => webhooks.state());
  app.put('/_control/webhooks', (request, reply) =>
    withParsed(reply, webhooksBody, request.body, (change) => {
      simulator.configureWebhooks(change);
      return webhooks.state();
    }),
  );
  app.get('/_control/clock', () => ({ now: clock.now().toISOString() }));
  app.put('/_control/clock', (request, reply) =>
    withParsed(reply, clockBody, request.body, ({ now, advanceMs }) => {
      if (now !== undefined) clock.set(new Date(now));
      clock.advance(advanceMs ?? 0);
      return { now: clock.now().toISOString() };
    }),
  );
  app.get('/_control/activity', () => ({ perMinute: activity.perMinute }));
  app.put('/_control/activity', (request, reply) =>
    withParsed(reply, activityBody, request.body, ({ perMinute }) => {
      activity.setPerMinute(perMinute);
      return { perMinute: activity.perMinute };
    }),
  );
}

function withParsed<Schema extends z.ZodType>(
  reply: FastifyReply,
  schema: Schema,
  input: unknown,
  serve: (parsed: z.output<Schema>) => unknown,
): FastifyReply {
  const parsed = schema.safeParse(input);
  if (!parsed.success)
    return sendProblem(reply, refusedFields(fieldErrorsOf(parsed.error)).problem);
  const answer = serve(parsed.data);
  return reply.sent ? reply : reply.send(answer);
}

/** Everything the company holds, in section 4's shape; deleted invoices as stubs. */
function stateOf({ company, baseUrl }: Simulator): Record<string, unknown> {
  const { invoices, customers, items, taxCodes, terms, paymentMethods } = company.records;
  const records = [...invoices.values()];
  const kept = records.filter(({ deleted }) => !deleted);
  const gone = records.filter(({ deleted }) => deleted);
  return {
    invoices: kept.map(({ invoice }) => showInvoice(invoice, baseUrl)),
    deletedInvoices: gone.map(({ invoice: { id, version, updatedAt } }) => ({
      id,
      version,
      updatedAt,
    })),
    customers: [...customers.values()],
    items: [...items.values()],
    taxCodes: [...taxCodes.values()],
    terms: [...terms.values()],
    paymentMethods: [...paymentMethods.values()],
  };
}

/** Every invoice in a line: what it takes to compare two books without reading them whole. */
function listOf({ company }: Simulator): readonly object[] {
  return [...company.records.invoices.values()].map(({ invoice, deleted }) => ({
    id: invoice.id,
    number: invoice.number,
    total: invoice.total,
    mark: null,
    isGone: deleted || invoice.status === 'void',
  }));
}

function countsOf({ company: { records } }: Simulator): Record<string, number> {
  const { invoices, customers, items } = records;
  return { invoices: invoices.size, customers: customers.size, items: items.size };
}
