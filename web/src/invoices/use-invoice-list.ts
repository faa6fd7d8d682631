import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import type { Client } from 'urql';
import { failureOf } from '../graphql/failure.ts';
import { InvoiceRowsDocument, InvoicesDocument } from '../graphql/generated/graphql.ts';
import type {
  InvoiceFilter,
  InvoiceRowPartsFragment,
  InvoiceRowsQuery,
  InvoicesQuery,
} from '../graphql/generated/graphql.ts';
import { invoiceSortOf, invoiceViewOf, sortDirectionOf } from '../invoice-views.ts';
import type { InvoicesSearch } from '../search.ts';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import type { PageRequest } from './pages.ts';
import { PagesStore } from './pages-store.ts';
import type { ListShown, PageReading, PagesSource } from './pages-store.ts';

type LookedAt = Extract<NonNullable<InvoiceRowsQuery['nodes'][number]>, { __typename: 'Invoice' }>;

/** One row; what crossed last is known once the row was on screen. */
export type ListedInvoice = InvoiceRowPartsFragment & Partial<Pick<LookedAt, 'outboxEvents'>>;

/** The list under one filter and order, as the grid uses it. */
export type InvoiceList = ListShown<ListedInvoice> & {
  readonly want: (first: number, last: number) => void;
  readonly reload: () => void;
  /** Invoices that changed since the list was read, so that their places may be others now. */
  readonly changedCount: number;
};

/** Rows read with one request of the grid. */
export const gridPageSize = 100;

/** What an address asks the API for. */
export function askedOf({ view, text, company, sort, way }: InvoicesSearch) {
  const filter: InvoiceFilter = {
    ...(company === undefined ? {} : { companyIds: [company] }),
    ...(text === undefined ? {} : { text }),
    statuses: invoiceViewOf[view].statuses,
  };
  return {
    filter,
    orderBy: { field: invoiceSortOf[sort].field, direction: sortDirectionOf[way] },
  };
}

type Asked = ReturnType<typeof askedOf>;

/** Mount it under a `key` of what is asked. Places hold still; rows on screen are kept current. */
export function useInvoiceList(search: InvoicesSearch): InvoiceList {
  const client = useClient();
  const [store] = useState(() => new PagesStore(sourceOf(client, askedOf(search))));
  const shown = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const hasBegun = useStream((stream) => stream.hasBegun);
  const { changedCount, forget } = useChanged(search.company, store);
  const reload = () => {
    forget();
    store.reload();
  };

  useEffect(() => {
    if (hasBegun) store.reload();
  }, [hasBegun, store]);
  useEffect(() => () => store.close(), [store]);
  useReloadAfterLoss(reload, shown.failure !== null);
  useFillWhileEmpty(reload, shown.total === 0 && changedCount > 0);

  return { ...shown, changedCount, reload, want: (first, last) => store.want(first, last) };
}

function sourceOf(client: Client, asked: Asked): PagesSource<ListedInvoice> {
  return {
    readPage: (request) => readPage(client, asked, request),
    readRows: async (ids) => {
      const { data } = await client
        .query(InvoiceRowsDocument, { ids: [...ids] }, { requestPolicy: 'network-only' })
        .toPromise();
      return data?.nodes.filter((node) => node?.__typename === 'Invoice') ?? null;
    },
    later: (act, waitMs) => {
      const timer = setTimeout(act, waitMs);
      return () => clearTimeout(timer);
    },
  };
}

async function readPage(
  client: Client,
  asked: Asked,
  request: PageRequest,
): Promise<PageReading<ListedInvoice>> {
  const window =
    request.from === 'start'
      ? { first: gridPageSize, after: request.after }
      : { last: gridPageSize, before: request.before };
  const { data, error } = await client
    .query(InvoicesDocument, { ...window, ...asked }, { requestPolicy: 'network-only' })
    .toPromise();
  if (error) return { kind: 'failed', failure: failureOf(error) };
  if (data === undefined) return { kind: 'failed', failure: noAnswer };
  return { kind: 'page', page: pageOf(data.invoices) };
}

const noAnswer = { sentence: 'LedgerBridge gave no answer.', correlationId: null };

function pageOf({ nodes, pageInfo, totalCount }: InvoicesQuery['invoices']) {
  const { startCursor, endCursor, hasNextPage } = pageInfo;
  return { rows: nodes, totalCount, startCursor, endCursor, hasNextPage };
}

/** Invoices that the stream spoke of since the list was read; the store hears of them too. */
function useChanged(companyId: string | undefined, store: PagesStore<ListedInvoice>) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const isPaused = useStream((stream) => stream.isPaused);
  useStreamEvents((events) => {
    if (isPaused) return;
    const mine = events.filter(
      ({ company }) => companyId === undefined || company.id === companyId,
    );
    const changed = mine.flatMap(({ invoice }) => (invoice === null ? [] : [invoice.id]));
    if (changed.length === 0) return;
    store.noteChanged(changed);
    if (changed.some((id) => !ids.has(id))) setIds(new Set([...ids, ...changed]));
  });
  return { changedCount: ids.size, forget: () => setIds(new Set()) };
}

/** After a gap the rows may be anything; after a lost connection a failure may be over. */
function useReloadAfterLoss(reload: () => void, hasFailed: boolean) {
  const generation = useStream((stream) => stream.generation);
  const connectionCount = useStream((stream) => stream.connectionCount);
  const [seen, setSeen] = useState({ generation, connectionCount });
  const again = useEffectEvent(() => {
    if (seen.generation !== generation || hasFailed) reload();
    setSeen({ generation, connectionCount });
  });
  useEffect(() => {
    if (seen.generation !== generation || seen.connectionCount !== connectionCount) again();
  }, [seen, generation, connectionCount]);
}

const fillMs = 500;

/** An empty list has no places that could jump, so it fills by itself. */
function useFillWhileEmpty(reload: () => void, isDue: boolean) {
  const fill = useEffectEvent(reload);
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => fill(), fillMs);
    return () => clearTimeout(timer);
  }, [isDue]);
}
