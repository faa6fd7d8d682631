/** Tabs of the invoice page, in the order shown. */
export const invoiceTabs = ['compare', 'crossing', 'history', 'audit'] as const;

/** One tab of the invoice page. */
export type InvoiceTab = (typeof invoiceTabs)[number];

const withQuery = (path: string, query: Record<string, string | undefined>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, value);
  return search.size === 0 ? path : `${path}?${search.toString()}`;
};

/** Every address of the app; nothing else spells one out. Ids are opaque, so they are encoded. */
export const paths = {
  overview: () => '/',
  live: () => '/live',
  invoices: (query: { view?: string; text?: string; company?: string } = {}) =>
    withQuery('/invoices', query),
  invoice: (id: string, query: { tab?: InvoiceTab; event?: string } = {}) =>
    withQuery(`/invoices/${encodeURIComponent(id)}`, query),
  conflicts: (
    query: { view?: string; by?: string; path?: string; field?: string; company?: string } = {},
  ) => withQuery('/conflicts', query),
  conflict: (id: string) => `/conflicts/${encodeURIComponent(id)}`,
  graphql: () => '/graphql',
  session: () => '/session',
  playground: (query: string, variables: string) => withQuery('/graphql', { query, variables }),
};
