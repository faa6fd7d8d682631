import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Contract } from './contract.ts';

/** As much of an invoice as the checks look at. */
export const invoiceShape = z.looseObject({
  id: z.string(),
  version: z.string(),
  updatedAt: z.string(),
  status: z.string(),
  externalRef: z.string().nullish(),
  customerMemo: z.string().nullish(),
  poNumber: z.string().nullish(),
  total: z.string(),
  balanceDue: z.string(),
  lines: z.array(z.looseObject({ id: z.string(), description: z.string().nullish() })),
});
export type Invoice = z.infer<typeof invoiceShape>;

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
};

export type Asked = {
  readonly body?: object;
  readonly key?: string;
  readonly version?: string;
  readonly token?: string | null;
};

/** A system under check, with what the checks share. */
export type Bench = {
  /** Sends `GET /invoices/{id}` with the id put in; an answer that is not of the contract's shape is a finding. */
  readonly send: (call: string, id?: string, asked?: Asked) => Promise<Answer>;
  /** Makes an invoice of two lines. */
  readonly create: (more?: object) => Promise<Invoice>;
  readonly draft: (more?: object) => Promise<object>;
  readonly read: (id: string) => Promise<Invoice>;
};

/** Said by a check that cannot go on; its text is the finding. */
export class CheckStopped extends Error {}

const deadlineMs = 15_000;
const named = z.looseObject({ customers: z.array(z.looseObject({ id: z.string() })).min(1) });

/** Calls a system as LedgerBridge does, and holds every answer to the contract. */
export function createBench(
  options: {
    readonly url: string;
    readonly token: string;
    readonly contract: Contract;
  },
  found: (fault: string) => void,
): Bench {
  const { contract, token } = options;
  const base = options.url.replace(/\/+$/, '');
  const send: Bench['send'] = async (call, id = '', asked = {}) => {
    const [method = '', template = ''] = call.split(' ');
    const [url = '', query] = template.split('?');
    const isWrite = method !== 'GET';
    const bearer = asked.token === undefined ? token : asked.token;
    const response = await fetch(
      `${base}${url.replace('{id}', encodeURIComponent(id))}${query === undefined ? '' : `?${query}`}`,
      {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(deadlineMs),
        headers: {
          accept: 'application/json',
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(isWrite ? { 'idempotency-key': asked.key ?? randomUUID() } : {}),
          ...(asked.version === undefined ? {} : { 'if-match': `"${asked.version}"` }),
          ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
      },
    ).catch((error: unknown) => {
      const cause = error instanceof Error ? error.message : 'no answer';
      throw new CheckStopped(`${call} was not answered: ${cause}`);
    });
    const body = jsonOf(await response.text());
    const { status } = response;
    if (status >= 300 && status < 400)
      throw new CheckStopped(
        `${call} redirects (HTTP ${status}), which LedgerBridge does not follow`,
      );
    for (const fault of contract.shapeFaults(`${method} ${url}`, status, body))
      found(`${call} answered ${status}: ${fault}`);
    return { status, body, headers: response.headers };
  };
  const draft: Bench['draft'] = async (more = {}) => {
    const listed = named.safeParse((await send('GET /customers')).body);
    if (!listed.success) throw new CheckStopped('GET /customers lists no customer to invoice');
    const line = { description: 'Conformance check', quantity: '3', unitPrice: '10.50' };
    return {
      number: `CHECK-${randomUUID().slice(0, 8)}`,
      currency: 'USD',
      customer: { id: listed.data.customers[0]?.id },
      issueDate: '2026-11-20',
      customerMemo: 'Made by check:invoicing',
      poNumber: 'PO-1',
      lines: [line, { ...line, description: 'Second', quantity: '1', unitPrice: '0.25' }],
      ...more,
    };
  };
  return {
    send,
    draft,
    create: async (more) =>
      invoiceOf(await send('POST /invoices', '', { body: await draft(more) }), 201),
    read: async (id) => invoiceOf(await send('GET /invoices/{id}', id), 200),
  };
}

/** The invoice of an answer with this status; anything else ends the check and says what came. */
export function invoiceOf(answer: Answer, status: number): Invoice {
  if (answer.status !== status)
    throw new CheckStopped(
      `expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)?.slice(0, 300)}`,
    );
  const parsed = invoiceShape.safeParse(answer.body);
  if (!parsed.success) throw new CheckStopped('the answer holds no invoice that could be read');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
