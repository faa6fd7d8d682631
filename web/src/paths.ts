/** Tabs of the invoice page, in the order shown. */
export const invoiceTabs = ['compare', 'crossing', 'history', 'audit', 'raw'] as const;

/** One tab of the invoice page. */
export type InvoiceTab = (typeof invoiceTabs)[number];

/** Tabs of the page of a company, in the order shown. */
export const companyTabs = ['health', 'settings', 'references', 'notifications'] as const;

/** One tab of the page of a company. */
export type CompanyTab = (typeof companyTabs)[number];

/** Steps from a company without QuickBooks to its first crossings, in order. */
export const setupSteps = [
  'connect',
  'checks',
  'start',
  'matching',
  'rules',
  'plan',
  'live',
] as const;

/** One step of setting a company up. */
export type SetupStep = (typeof setupSteps)[number];

/** What may stand behind the question mark of an address. */
type Query<Name extends string> = { readonly [K in Name]?: string };

/** Narrowing of the audit trail; `who` and `about` hold the words for `actor` and `subject`. */
export type AuditQuery = Query<
  'actor' | 'who' | 'action' | 'subject' | 'about' | 'from' | 'to' | 'correlation' | 'company'
>;

const withQuery = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, value);
  return search.size === 0 ? path : `${path}?${search.toString()}`;
};

/** An address says only what is not usual. */
const withoutUsual = (query: Readonly<Record<string, string>>, usual: Record<string, string>) =>
  Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== usual[name]));

const usualInvoices = { view: 'all', sort: 'changed', way: 'down', form: 'grid' };

/** Every address of the app; nothing else spells one out. Ids are opaque, so they are encoded. */
export const paths = {
  overview: () => '/',
  live: (query: Query<'way' | 'only' | 'text' | 'company'> = {}) =>
    withQuery('/live', withoutUsual(query, { way: 'both', only: 'all' })),
  invoices: (
    query: Query<'view' | 'text' | 'sort' | 'way' | 'form' | 'row' | 'after' | 'company'> = {},
  ) => withQuery('/invoices', withoutUsual(query, usualInvoices)),
  invoice: (id: string, query: { tab?: InvoiceTab } & Query<'event' | 'correlation'> = {}) =>
    withQuery(`/invoices/${encodeURIComponent(id)}`, query),
  conflicts: (query: Query<'view' | 'by' | 'path' | 'field' | 'company'> = {}) =>
    withQuery('/conflicts', query),
  work: (query: Query<'item'> = {}) => withQuery('/work', query),
  conflict: (id: string) => `/conflicts/${encodeURIComponent(id)}`,
  deadLetters: (
    query: Query<'view' | 'cause' | 'safety' | 'direction' | 'bulk' | 'company'> = {},
  ) => withQuery('/dead-letters', query),
  deadLetter: (id: string) => `/dead-letters/${encodeURIComponent(id)}`,
  reconcile: (query: Query<'company' | 'runs'> = {}) => withQuery('/reconcile', query),
  reconcileRun: (id: string, query: Query<'status' | 'kind' | 'bulk' | 'company'> = {}) =>
    withQuery(`/reconcile/${encodeURIComponent(id)}`, query),
  evidence: (query: Query<'from' | 'to' | 'company'> = {}) =>
    withQuery('/reconcile/evidence', query),
  audit: (query: AuditQuery = {}) => withQuery('/audit', query),
  rules: (query: Query<'company' | 'edit' | 'rule'> = {}) => withQuery('/rules', query),
  companies: () => '/companies',
  newCompany: () => '/companies/new',
  company: (id: string, query: { tab?: CompanyTab } = {}) =>
    withQuery(`/companies/${encodeURIComponent(id)}`, query),
  companySetup: (id: string, query: { step?: SetupStep } = {}) =>
    withQuery(`/companies/${encodeURIComponent(id)}/setup`, query),
  health: () => '/health',
  settings: (query: Query<'tab'> = {}) => withQuery('/settings', query),
  simulator: () => '/simulator',
  demo: () => '/demo',
  demoWorker: () => '/demo/worker',
  demoControl: (book: 'quickbooks' | 'invoicing', rest: string) => `/demo/${book}/${rest}`,
  graphql: () => '/graphql',
  session: () => '/session',
  ready: () => '/health/ready',
  playground: (query: string, variables: string) => withQuery('/graphql', { query, variables }),
};
