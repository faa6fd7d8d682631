import { z } from 'zod';

/** Ground truth for exactly-once: a mutation that took effect (http.md §5). */
const mutation = z.object({
  seq: z.number(),
  entity: z.string(),
  id: z.string(),
  operation: z.string(),
  requestId: z.string().nullable(),
  syncToken: z.string(),
  actor: z.enum(['api', 'human']),
});
export type Mutation = z.infer<typeof mutation>;

const request = z.object({
  seq: z.number(),
  method: z.string(),
  path: z.string(),
  query: z.string(),
  status: z.number().nullable(),
  requestId: z.string().nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  fault: z.string().nullable(),
});
export type LoggedRequest = z.infer<typeof request>;

/** Any JSON object, as a simulator shows it. */
const shown = z.record(z.string(), z.unknown());
export type Shown = z.infer<typeof shown>;

/** Calls a control route; anything but success fails with what the simulator said. */
export async function control(url: string, method: string, body?: unknown): Promise<Shown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return shown.parse(JSON.parse(text));
}

/** Rules of `PUT /_control/faults` (http.md §5); they replace the rules before. */
export type FaultRules = readonly object[];

/** How deliveries went so far; `left` are due, under way or wait for their time. */
const webhookCounts = async (url: string) =>
  z
    .object({ counts: z.object({ acknowledged: z.number(), left: z.number() }) })
    .parse(await control(`${url}/_control/webhooks`, 'GET')).counts;

/** The QuickBooks simulator of one realm, as a person and as a judge. */
export function quickBooksSide(url: string, realm: string) {
  const own = `${url}/_control/realms/${realm}`;
  const state = () => control(`${own}/state`, 'GET');
  return {
    url,
    realm,
    /** Acts as a person in QuickBooks (http.md §5). */
    human: async (action: object) =>
      z
        .object({ entity: z.string(), id: z.string(), syncToken: z.string() })
        .parse(await control(`${own}/human`, 'POST', action)),
    faults: (rules: FaultRules) => control(`${url}/_control/faults`, 'PUT', { rules }),
    behaviour: (knobs: object) => control(`${url}/_control/behaviour`, 'PUT', knobs),
    webhooks: (knobs: object) => control(`${url}/_control/webhooks`, 'PUT', knobs),
    webhookCounts: () => webhookCounts(url),
    /** Moves the simulator's clock on: tokens grow old, its machine's clock does not change. */
    advance: (advanceMs: number) => control(`${url}/_control/clock`, 'PUT', { advanceMs }),
    /** Sets the simulator's clock, which goes on from there. */
    setClock: (now: Date) => control(`${url}/_control/clock`, 'PUT', { now: now.toISOString() }),
    disconnect: () => control(`${own}/disconnect`, 'POST', {}),
    reset: (company: object) => control(`${url}/_control/reset`, 'POST', { company }),
    mutations: async (): Promise<readonly Mutation[]> =>
      z.object({ mutations: z.array(mutation) }).parse(await control(`${own}/mutations`, 'GET'))
        .mutations,
    requests: async (): Promise<readonly LoggedRequest[]> =>
      z.object({ requests: z.array(request) }).parse(await control(`${own}/requests`, 'GET'))
        .requests,
    state,
    /** Objects of one kind, as QuickBooks shows them. */
    all: async (entity: string): Promise<readonly Shown[]> =>
      z.array(shown).parse((await state())[entity] ?? []),
  };
}

/** The internal invoicing simulator, as a person and as a judge. */
export function invoicingSide(url: string) {
  const state = () => control(`${url}/_control/state`, 'GET');
  return {
    url,
    /** Acts as a person in internal invoicing (http.md §6); answers the invoice's id and version. */
    human: async (action: object) =>
      z
        .object({ id: z.string(), version: z.string(), paymentId: z.string().optional() })
        .parse(await control(`${url}/_control/human`, 'POST', action)),
    faults: (rules: FaultRules) => control(`${url}/_control/faults`, 'PUT', { rules }),
    webhooks: (knobs: object) => control(`${url}/_control/webhooks`, 'PUT', knobs),
    /** Moves the simulator's clock; a negative span goes back. */
    advance: (advanceMs: number) => control(`${url}/_control/clock`, 'PUT', { advanceMs }),
    webhookCounts: () => webhookCounts(url),
    mutations: async (): Promise<readonly Mutation[]> =>
      z
        .object({ mutations: z.array(mutation) })
        .parse(await control(`${url}/_control/mutations`, 'GET')).mutations,
    requests: async (): Promise<readonly LoggedRequest[]> =>
      z
        .object({ requests: z.array(request) })
        .parse(await control(`${url}/_control/requests`, 'GET')).requests,
    state,
    invoice: async (id: string): Promise<Shown> => {
      const invoices = z.array(shown).parse((await state())['invoices']);
      const found = invoices.find((invoice) => invoice['id'] === id);
      if (found === undefined) throw new Error(`internal invoicing shows no invoice ${id}`);
      return found;
    },
    reset: (company: object) => control(`${url}/_control/reset`, 'POST', { company }),
  };
}
