import { VirtualClock } from '../../simulator/control/clock.ts';
import { hashBody } from '../../simulator/control/mutation-log.ts';
import { plainly, runCall } from '../../simulator/invoicing/api.ts';
import { problemBody, problemOfStatus, refused } from '../../simulator/invoicing/problem.ts';
import { routes, type Received, type Route } from '../../simulator/invoicing/routes.ts';
import { recordsOf } from '../../simulator/invoicing/seed.ts';
import { Simulator } from '../../simulator/invoicing/simulator.ts';
import { companyDataSchema } from '../../simulator/invoicing/wire.ts';
import { toCall } from '../../simulator/quickbooks/calls.ts';
import { companyChanges } from '../../simulator/quickbooks/company-load.ts';
import { execute } from '../../simulator/quickbooks/execution.ts';
import {
  gatewayErrors,
  QuickBooksFault,
  staleObject,
  toFaultAnswer,
  toGatewayAnswer,
  type Answer as QuickBooksAnswer,
} from '../../simulator/quickbooks/fault-bodies.ts';
import { noLimits } from '../../simulator/quickbooks/limits.ts';
import { demoMasters } from '../../simulator/quickbooks/seed.ts';
import { demoRealm, QuickBooksSimulator } from '../../simulator/quickbooks/simulator.ts';
import { smallBooks } from '../support/companies.ts';
import type { VirtualTime } from './virtual-time.ts';

/** An answer as it is on the wire. */
export type WireAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
};

export const startsAtMs = Date.UTC(2026, 10, 20, 9);

// Values are JSON that nobody changes in place: every history starts from the same ones.
const quickBooksMasters = companyChanges(demoRealm, demoMasters(startsAtMs));
const internalMasters = recordsOf(companyDataSchema.parse(smallBooks));

export type Books = ReturnType<typeof createBooks>;

/** Both sides in this process: the simulators' own books and rules, without their HTTP. */
export function createBooks(time: VirtualTime, seed: string) {
  const clock = new VirtualClock(() => time.nowMs);
  const quickbooks = new QuickBooksSimulator({ dataDir: null, seed, limits: noLimits, clock });
  quickbooks.replaceCompany(demoRealm, quickBooksMasters);
  const invoicing = new Simulator({ dataDir: null, seed, clock });
  invoicing.replaceCompany(internalMasters);
  return { quickbooks, invoicing, realm: demoRealm };
}

/** A call of QuickBooks as it arrives. */
export type QuickBooksRequest = {
  readonly method: 'GET' | 'POST';
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Carries a call out in QuickBooks' books, at once. */
export function askQuickBooks(
  { quickbooks: simulator, realm }: Books,
  { method, segments, query, body }: QuickBooksRequest,
): WireAnswer {
  const path = `/v3/company/${realm}/${segments.join('/')}`;
  const asked = new URLSearchParams(query);
  try {
    const call = toCall({ method, realm, segments, query: asked, body, path });
    const requestId = asked.get('requestid');
    return onWire(execute({ simulator, realm, call, requestId, wantsXml: false }));
  } catch (error) {
    if (!(error instanceof QuickBooksFault)) throw error;
    return onWire(toFaultAnswer(error, simulator.nowMs));
  }
}

const onWire = ({ status, body, headers }: QuickBooksAnswer): WireAnswer => ({
  status,
  body: JSON.parse(body),
  retryAfter: headers?.['retry-after'] ?? null,
});

/** What QuickBooks answers to a call that it does not carry out. */
export const quickBooksRefusal = {
  stale: ({ quickbooks }: Books) => onWire(toFaultAnswer(staleObject(), quickbooks.nowMs)),
  unauthorized: ({ quickbooks }: Books) =>
    onWire(toGatewayAnswer(gatewayErrors.expired(null), quickbooks.nowMs)),
  throttled: ({ quickbooks }: Books, retryAfter: number) => ({
    ...onWire(toGatewayAnswer(gatewayErrors.throttled(), quickbooks.nowMs)),
    retryAfter: String(retryAfter),
  }),
  broken: (_books: Books, status: number) => ({ status, body: '<html></html>', retryAfter: null }),
} as const;

/** A call of internal invoicing as it arrives. */
export type InvoicingRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Carries a call out in the internal books. */
export async function askInvoicing(
  { invoicing }: Books,
  { method, path, headers, body }: InvoicingRequest,
): Promise<WireAnswer> {
  const [bare = '', query = ''] = path.split('?');
  const found = routed(method, bare);
  if (found === null) return problemAnswer(refused('not-found', path).problem);
  const parsed: unknown = body === undefined || body === '' ? undefined : JSON.parse(body);
  const received: Received = {
    id: found.id,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: parsed,
    ifMatch: headers['if-match'] ?? null,
    requestId: headers['idempotency-key'] ?? null,
  };
  const fingerprint = hashBody([method, bare, parsed ?? null]);
  const judged = await runCall(invoicing, found.route, received, fingerprint, plainly);
  if (!judged.ok) return problemAnswer(judged.problem);
  const { status, body: answer } = judged.value;
  return { status, body: asJson(answer), retryAfter: null };
}

/** What internal invoicing answers to a call that it does not carry out. */
export const invoicingRefusal = (status: number, retryAfter?: number): WireAnswer =>
  problemAnswer(problemOfStatus(status, retryAfter));

function problemAnswer(problem: Parameters<typeof problemBody>[0]): WireAnswer {
  const { status, retryAfterSeconds } = problem;
  const retryAfter = retryAfterSeconds === undefined ? null : String(retryAfterSeconds);
  return { status, body: asJson(problemBody(problem)), retryAfter };
}

const asJson = (value: unknown): unknown =>
  value === undefined ? null : JSON.parse(JSON.stringify(value));

const patterns = routes.map((route) => ({
  route,
  form: new RegExp(`^${route.url.replace(':id', '([^/]+)')}$`),
}));

function routed(method: string, path: string): { route: Route; id: string } | null {
  for (const { route, form } of patterns) {
    if (route.method !== method) continue;
    const match = form.exec(path);
    if (match !== null) return { route, id: decodeURIComponent(match[1] ?? '') };
  }
  return null;
}
