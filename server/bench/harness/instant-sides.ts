import { invoicingSystemOver } from '#adapters/invoicing-http/invoicing-system.ts';
import { invoicingSpelling } from '#adapters/invoicing-http/spelling.ts';
import { accountingSystemOver } from '#adapters/quickbooks/accounting-system.ts';
import type { Answer, QuickBooksClient } from '#adapters/quickbooks/client.ts';
import { createPace, type CompanyPace } from '#adapters/quickbooks/pace.ts';
import { quickBooksSpelling } from '#adapters/quickbooks/spelling.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { succeeded } from '#core/attempt/failure.ts';
import type { CompanyId } from '#core/brand.ts';
import type { Composition } from '#main/compose.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { InvoicingSystem } from '#ports/invoicing-system.ts';
import { createSideClock } from '#ports/side-clock.ts';
import type { Sides } from '#ports/sides.ts';
import { z } from 'zod';
import { unlimited } from '../../test/support/unlimited.ts';
import type { Json, Template } from './template.ts';

const written = z.looseObject({ Id: z.string(), SyncToken: z.string() });

export type InstantBooks = {
  readonly sides: Sides;
  /** Writes that QuickBooks took, and anything else it was asked. */
  readonly writes: () => number;
  readonly reads: () => number;
  /** Told of each write as it leaves. */
  readonly onWrite: (heard: (companyId: string, id: string) => void) => void;
};

type Count = { writes: number; reads: number; heard: (companyId: string, id: string) => void };

/**
 * Both sides answering at once, in this process: the adapters as they are, over answers made from one invoice. An internal
 * invoice always shows a memo that QuickBooks does not have yet; QuickBooks refuses a write with an old SyncToken.
 */
export function createInstantBooks(
  template: Template,
  { credentials, oauth }: Pick<Composition, 'credentials' | 'oauth'>,
  counts: CallCounts,
): InstantBooks {
  const count: Count = { writes: 0, reads: 0, heard: () => {} };
  const tokens = new Map<string, number>();
  const paces = new Map<CompanyId, CompanyPace>();
  const paceOf = (companyId: CompanyId): CompanyPace => {
    const pace =
      paces.get(companyId) ?? createPace({ clock: systemClock, counts, limits: unlimited });
    paces.set(companyId, pace);
    return pace;
  };
  const sides: Sides = {
    spelling: quickBooksSpelling,
    invoicingSpelling,
    accounting: ({ id: companyId, realmId, facts }, lease) =>
      accountingSystemOver(instantClient(template.quickbooks, companyId, tokens, count), {
        companyId,
        realmId: realmId ?? '',
        credentials,
        apiBaseUrl: 'http://quickbooks.example',
        oauth,
        clock: systemClock,
        pace: paceOf(companyId).under(lease),
        homeCurrency: facts?.homeCurrency ?? null,
      }),
    invoicing: async () => instantInvoicing(template.internal),
  };
  return {
    writes: () => count.writes,
    reads: () => count.reads,
    onWrite: (next) => {
      count.heard = next;
    },
    sides,
  };
}

/** Takes writes with the SyncToken it gave last; these books are not read. */
function instantClient(
  invoice: Json,
  companyId: CompanyId,
  tokens: Map<string, number>,
  count: Count,
): QuickBooksClient {
  const refuse = (): Promise<never> => {
    count.reads += 1;
    return Promise.reject(new Error('these books are only written'));
  };
  return {
    read: refuse,
    preferences: refuse,
    query: refuse,
    changes: refuse,
    write: async ({ body }) => {
      const asked = written.parse(JSON.parse(body));
      count.heard(companyId, asked.Id);
      const key = `${companyId} ${asked.Id}`;
      const token = tokens.get(key) ?? 0;
      if (asked.SyncToken !== String(token)) return stale;
      tokens.set(key, token + 1);
      count.writes += 1;
      return answered(200, { Invoice: invoiceAfter(invoice, asked, token + 1) });
    },
  };
}

/** Shows every invoice it is asked for, each time with another memo. */
function instantInvoicing(invoice: Json): InvoicingSystem {
  let edits = 0;
  const call = async ({ path }: { readonly path: string }) => {
    edits += 1;
    const id = decodeURIComponent(path.split('/').at(-1) ?? '');
    const body = internalNow(invoice, id, `${systemClock.now()} ${edits}`);
    const date = new Date(systemClock.now()).toUTCString();
    return succeeded({ status: 200, body, retryAfter: null, date });
  };
  return invoicingSystemOver(call, systemClock, createSideClock(systemClock));
}

const answered = (status: number, body: unknown): Answer => ({
  kind: 'answered',
  status,
  body,
  traceId: null,
  retryAfter: null,
  date: new Date(systemClock.now()).toUTCString(),
});

const stale = answered(400, {
  Fault: { Error: [{ Message: 'Stale Object Error', code: '5010' }], type: 'ValidationFault' },
});

/** A sparse update lies over what is there; the version moves by one. */
function invoiceAfter(invoice: Json, asked: Json, token: number): Json {
  const { sparse: _sparse, ...set } = asked;
  const at = new Date(systemClock.now()).toISOString();
  const MetaData = { CreateTime: at, LastUpdatedTime: at };
  return { ...invoice, ...set, SyncToken: String(token), MetaData };
}

/** The invoice under that id, with a memo nobody has seen. */
function internalNow(invoice: Json, id: string, memo: string): Json {
  const updatedAt = new Date(systemClock.now()).toISOString();
  return { ...invoice, id, version: memo, updatedAt, customerMemo: `Edit ${memo}` };
}
