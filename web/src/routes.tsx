import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Shell } from './components/shell.tsx';
import { lazyPage } from './lazy-page.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { BrokenPage } from './pages/broken.tsx';
import {
  readAuditSearch,
  readConflictsSearch,
  readDeadLettersSearch,
  readEvidenceSearch,
  readInvoiceSearch,
  readInvoicesSearch,
  readLiveSearch,
  readReconcileRunSearch,
  readReconcileSearch,
  readWorkSearch,
  readRulesSearch,
  readSetupSearch,
  readCompanySearch,
} from './search.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage });

const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  validateSearch: readLiveSearch,
  component: lazyPage(() => import('./pages/live.tsx'), 'LivePage'),
});

const invoices = createRoute({
  getParentRoute: () => root,
  path: '/invoices',
  validateSearch: readInvoicesSearch,
  component: lazyPage(() => import('./pages/invoices.tsx'), 'InvoicesPage'),
});

const invoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/$id',
  validateSearch: readInvoiceSearch,
  component: lazyPage(() => import('./pages/invoice.tsx'), 'InvoicePage'),
});

const conflicts = createRoute({
  getParentRoute: () => root,
  path: '/conflicts',
  validateSearch: readConflictsSearch,
  component: lazyPage(() => import('./pages/conflicts.tsx'), 'ConflictsPage'),
});

const conflict = createRoute({
  getParentRoute: () => root,
  path: '/conflicts/$id',
  component: lazyPage(() => import('./pages/conflict.tsx'), 'ConflictPage'),
});

const work = createRoute({
  getParentRoute: () => root,
  path: '/work',
  validateSearch: readWorkSearch,
  component: lazyPage(() => import('./pages/work.tsx'), 'WorkPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyPage(() => import('./pages/settings.tsx'), 'SettingsPage'),
});

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyPage(() => import('./pages/health.tsx'), 'HealthPage'),
});

const simulator = createRoute({
  getParentRoute: () => root,
  path: '/simulator',
  component: lazyPage(() => import('./pages/simulator.tsx'), 'SimulatorPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readDeadLettersSearch,
  component: lazyPage(() => import('./pages/dead-letters.tsx'), 'DeadLettersPage'),
});

const deadLetter = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters/$id',
  component: lazyPage(() => import('./pages/dead-letter.tsx'), 'DeadLetterPage'),
});

const reconcile = createRoute({
  getParentRoute: () => root,
  path: '/reconcile',
  validateSearch: readReconcileSearch,
  component: lazyPage(() => import('./pages/reconcile.tsx'), 'ReconcilePage'),
});

const evidence = createRoute({
  getParentRoute: () => root,
  path: '/reconcile/evidence',
  validateSearch: readEvidenceSearch,
  component: lazyPage(() => import('./pages/evidence.tsx'), 'EvidencePage'),
});

const reconcileRun = createRoute({
  getParentRoute: () => root,
  path: '/reconcile/$id',
  validateSearch: readReconcileRunSearch,
  component: lazyPage(() => import('./pages/reconcile-run.tsx'), 'ReconcileRunPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyPage(() => import('./pages/audit.tsx'), 'AuditPage'),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: readRulesSearch,
  component: lazyPage(() => import('./pages/rules.tsx'), 'RulesPage'),
});

const companies = createRoute({
  getParentRoute: () => root,
  path: '/companies',
  component: lazyPage(() => import('./pages/companies.tsx'), 'CompaniesPage'),
});

const newCompany = createRoute({
  getParentRoute: () => root,
  path: '/companies/new',
  component: lazyPage(() => import('./pages/new-company.tsx'), 'NewCompanyPage'),
});

const company = createRoute({
  getParentRoute: () => root,
  path: '/companies/$id',
  validateSearch: readCompanySearch,
  component: lazyPage(() => import('./pages/company.tsx'), 'CompanyPage'),
});

const companySetup = createRoute({
  getParentRoute: () => root,
  path: '/companies/$id/setup',
  validateSearch: readSetupSearch,
  component: lazyPage(() => import('./pages/company-setup.tsx'), 'CompanySetupPage'),
});

/** The map of the app. Search values stay plain strings, so that an address reads as it is written. */
export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([
      overview,
      live,
      invoices,
      invoice,
      conflicts,
      conflict,
      work,
      settings,
      health,
      simulator,
      deadLetters,
      deadLetter,
      reconcile,
      evidence,
      reconcileRun,
      audit,
      rules,
      companies,
      newCompany,
      company,
      companySetup,
    ]),
    defaultErrorComponent: BrokenPage,
    defaultPreload: 'intent',
    scrollRestoration: true,
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(
        Object.entries(search).filter(([, value]) => value !== undefined),
      ).toString();
      return text === '' ? '' : `?${text}`;
    },
  });
}

/** Fetches every page while the server is there, one after the other: whoever goes on when it is away then can. */
export async function preloadPages({ routesById }: ReturnType<typeof createAppRouter>) {
  for (const { options } of Object.values(routesById)) await options.component?.preload?.();
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
