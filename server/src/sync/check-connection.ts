import { toInstant, type CompanyId } from '#core/brand.ts';
import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Company, QuickBooksFacts } from '#core/company/company.ts';
import {
  findingsOf,
  type Finding,
  type InvoicingLook,
  type Look,
  type QuickBooksLook,
} from '#core/onboarding/findings.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { ConnectionStates } from '#ports/connection-states.ts';
import type { InvoicingSystem } from '#ports/invoicing-system.ts';
import type { Engine } from './crossing.ts';
import { holdLease } from './hold-lease.ts';
import { pollPaceOf } from './read-budget.ts';

/** A person waits for the answer: no call may take longer than this. */
const callMs = 5_000;

/** A reference that no invoice was ever made with. */
const unusedReference = 'ledgerbridge:check:0';

/** Looks at both sides of a company; null when there is none. */
export type CheckConnection = (companyId: CompanyId) => Promise<readonly Finding[] | null>;

/**
 * Checks both sides with calls that change nothing. Only the holder of the lease calls QuickBooks: while a worker has the company,
 * or QuickBooks wants to be left alone, or the month's reads are kept for writes, what it said last is looked at instead.
 */
export async function checkConnection(
  engine: Engine,
  states: ConnectionStates,
  companyId: CompanyId,
): Promise<readonly Finding[] | null> {
  const company = await engine.store.company(companyId);
  const state = await states.of(companyId);
  if (company === null || state === null) return null;
  const [there, here] = await Promise.all([
    lookAtQuickbooks(engine, company, state.isResting),
    lookAtInvoicing(engine, company),
  ]);
  return findingsOf({
    company,
    facts: there.facts,
    state,
    quickbooks: there.look,
    invoicing: here.look,
    clockOffMs: { internal: here.clockOffMs, quickbooks: there.clockOffMs },
    now: engine.clock.now(),
  });
}

type There = {
  readonly look: QuickBooksLook;
  readonly facts: QuickBooksFacts | null;
  readonly clockOffMs: number | null;
};

async function lookAtQuickbooks(
  engine: Engine,
  company: Company,
  isResting: boolean,
): Promise<There> {
  const { facts } = company;
  if (
    company.realmId === null ||
    company.status === 'NEEDS_RECONNECT' ||
    company.status === 'DISCONNECTED'
  )
    return { look: { kind: 'not-connected' }, facts, clockOffMs: null };
  const stored = { look: { kind: 'stored' } as const, facts, clockOffMs: null };
  if (isResting || !(await pollPaceOf(engine, 'quickbooks')).isAllowed) return stored;
  const over = new AbortController();
  const held = await holdLease(engine, company.id, `check-${engine.ids.next()}`, over.signal);
  if (held === null) return stored;
  try {
    const accounting = engine.sides.accounting(company, held.lease);
    const read = await accounting.readFacts({ deadlineMs: callMs, signal: held.signal });
    const failure = read.ok ? null : read.failure;
    const now = read.ok ? { ...read.value, readAt: engine.clock.now() } : facts;
    return { look: { kind: 'asked', failure }, facts: now, clockOffMs: accounting.clockOffMs() };
  } finally {
    await held.release();
  }
}

type Here = { readonly look: InvoicingLook; readonly clockOffMs: number | null };

async function lookAtInvoicing(engine: Engine, company: Company): Promise<Here> {
  const invoicing = await engine.sides.invoicing(company);
  const options = { deadlineMs: callMs };
  const customers = lookOf(await invoicing.listReferences('CUSTOMER', options));
  const notAsked = { failure: null };
  if (customers.failure !== null) {
    const reference = { ...notAsked, found: 0 };
    return { look: { customers, page: notAsked, invoice: null, reference }, clockOffMs: null };
  }
  const [pages, reference] = await Promise.all([
    lookAtPages(invoicing, options),
    invoicing.findByExternalRef(unusedReference, options),
  ]);
  return {
    look: {
      customers,
      ...pages,
      reference: { ...lookOf(reference), found: reference.ok ? reference.value.length : 0 },
    },
    clockOffMs: invoicing.clockOffMs(),
  };
}

/** The first page of everything, and one invoice of it by its id. */
async function lookAtPages(
  invoicing: InvoicingSystem,
  options: CallOptions,
): Promise<Pick<InvoicingLook, 'page' | 'invoice'>> {
  const page = await invoicing.changesSince(toInstant(0), null, options);
  if (!page.ok) return { page: lookOf(page), invoice: null };
  const [first] = page.value.rows.filter(
    ({ subject, kind }) => subject.kind === 'invoice' && kind !== 'DELETED',
  );
  if (first === undefined) return { page: lookOf(page), invoice: null };
  return {
    page: lookOf(page),
    invoice: lookOf(await invoicing.readInvoice(first.subject.id, options)),
  };
}

const lookOf = (outcome: CallOutcome<unknown>): Look => ({
  failure: outcome.ok ? null : outcome.failure,
});
