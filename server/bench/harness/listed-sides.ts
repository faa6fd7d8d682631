import { invoicingSystemOver } from '#adapters/invoicing-http/invoicing-system.ts';
import { invoicingSpelling } from '#adapters/invoicing-http/spelling.ts';
import { accountingSystemOver } from '#adapters/quickbooks/accounting-system.ts';
import type { Answer, QuickBooksClient } from '#adapters/quickbooks/client.ts';
import { createPace } from '#adapters/quickbooks/pace.ts';
import { quickBooksSpelling } from '#adapters/quickbooks/spelling.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { succeeded } from '#core/attempt/failure.ts';
import type { Composition } from '#main/compose.ts';
import { createSideClock } from '#ports/side-clock.ts';
import type { Sides } from '#ports/sides.ts';
import { unlimited } from '../../test/support/unlimited.ts';
import type { Json, Template } from './template.ts';

const internalPage = 500;
const quickbooksPage = 1_000;

/** Two sides that agree about `count` invoices of company 1, as `cloneLinks` numbers them, and list them page by page. */
export function createListedSides(
  template: Template,
  { credentials, oauth, engine }: Composition,
  count: number,
): { readonly sides: Sides; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const client = listingClient(template.quickbooks, count, asked);
  const pace = createPace({ clock: systemClock, counts: engine.counts, limits: unlimited });
  const sides: Sides = {
    spelling: quickBooksSpelling,
    invoicingSpelling,
    accounting: ({ id: companyId, realmId, facts }, lease) =>
      accountingSystemOver(client, {
        companyId,
        realmId: realmId ?? '',
        credentials,
        apiBaseUrl: 'http://quickbooks.example',
        oauth,
        clock: systemClock,
        pace: pace.under(lease),
        homeCurrency: facts?.homeCurrency ?? null,
      }),
    invoicing: async () => {
      const call = async ({ path }: { readonly path: string }) => {
        const body = internalList(template.internal, count, new URL(path, 'http://internal'));
        return succeeded({ status: 200, body, retryAfter: null, date: nowText() });
      };
      return invoicingSystemOver(call, systemClock, createSideClock(systemClock));
    },
  };
  return { sides, asked };
}

const nowText = (): string => new Date(systemClock.now()).toUTCString();

const answered = (body: unknown): Answer => ({
  kind: 'answered',
  status: 200,
  body,
  traceId: null,
  retryAfter: null,
  date: nowText(),
});

function listingClient(invoice: Json, count: number, asked: string[]): QuickBooksClient {
  const refuse = (what: string) => (): Promise<never> => {
    asked.push(what);
    return Promise.reject(new Error(`nobody was to ask for ${what}`));
  };
  return {
    read: refuse('a read by id'),
    preferences: refuse('preferences'),
    changes: refuse('changes'),
    write: refuse('a write'),
    query: async (entity, statement) => {
      asked.push(`${entity}${statement}`);
      if (entity !== 'Invoice') return answered({ QueryResponse: {} });
      const start = Number(/startposition (\d+)/.exec(statement)?.[1] ?? '1');
      const left = Math.max(0, Math.min(quickbooksPage, count - start + 1));
      const Invoice = Array.from({ length: left }, (_, place) => ({
        ...invoice,
        Id: String(1_000 + start + place),
        PrivateNote: `LedgerBridge inv_1_${start + place}`,
      }));
      return answered({ QueryResponse: { Invoice } });
    },
  };
}

function internalList(invoice: Json, count: number, { pathname, searchParams }: URL): unknown {
  if (pathname !== '/invoices') return { [pathname.slice(1)]: [], nextCursor: null };
  const from = Number(searchParams.get('cursor') ?? '0');
  const left = Math.max(0, Math.min(internalPage, count - from));
  const invoices = Array.from({ length: left }, (_, place) => ({
    ...invoice,
    id: `inv_1_${from + place + 1}`,
  }));
  const next = from + left;
  return { invoices, nextCursor: next < count ? String(next) : null };
}
