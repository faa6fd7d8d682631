import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Shell } from './components/shell.tsx';
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
  component: lazyRouteComponent(() => import('./pages/live.tsx'), 'LivePage'),
});

const invoices = createRoute({
  getParentRoute: () => root,
  path: '/invoices',
  validateSearch: readInvoicesSearch,
  component: lazyRouteComponent(() => import('./pages/invoices.tsx'), 'InvoicesPage'),
});

const invoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/$id',
  validateSearch: readInvoiceSearch,
  component: lazyRouteComponent(() => import('./pages/invoice.tsx'), 'InvoicePage'),
});

const conflicts = createRoute({
  getParentRoute: () => root,
  path: '/conflicts',
  validateSearch: readConflictsSearch,
  component: lazyRouteComponent(() => import('./pages/conflicts.tsx'), 'ConflictsPage'),
});

const conflict = createRoute({
  getParentRoute: () => root,
  path: '/conflicts/$id',
  component: lazyRouteComponent(() => import('./pages/conflict.tsx'), 'ConflictPage'),
});

const work = createRoute({
  getParentRoute: () => root,
  path: '/work',
  validateSearch: readWorkSearch,
  component: lazyRouteComponent(() => import('./pages/work.tsx'), 'WorkPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
});

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./pages/health.tsx'), 'HealthPage'),
});

const simulator = createRoute({
  getParentRoute: () => root,
  path: '/simulator',
  component: lazyRouteComponent(() => import('./pages/simulator.tsx'), 'SimulatorPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readDeadLettersSearch,
  component: lazyRouteComponent(() => import('./pages/dead-letters.tsx'), 'DeadLettersPage'),
});

const deadLetter = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters/$id',
  component: lazyRouteComponent(() => import('./pages/dead-letter.tsx'), 'DeadLetterPage'),
});

const reconcile = createRoute({
  getParentRoute: () => root,
  path: '/reconcile',
  validateSearch: readReconcileSearch,
  component: lazyRouteComponent(() => import('./pages/reconcile.tsx'), 'ReconcilePage'),
});

const evidence = createRoute({
  getParentRoute: () => root,
  path: '/reconcile/evidence',
  validateSearch: readEvidenceSearch,
  component: lazyRouteComponent(() => import('./pages/evidence.tsx'), 'EvidencePage'),
});

const reconcileRun = createRoute({
  getParentRoute: () => root,
  path: '/reconcile/$id',
  validateSearch: readReconcileRunSearch,
  component: lazyRouteComponent(() => import('./pages/reconcile-run.tsx'), 'ReconcileRunPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: readRulesSearch,
  component: lazyRouteComponent(() => import('./pages/rules.tsx'), 'RulesPage'),
});

const companies = createRoute({
  getParentRoute: () => root,
  path: '/companies',
  component: lazyRouteComponent(() => import('./pages/companies.tsx'), 'CompaniesPage'),
});

const newCompany = createRoute({
  getParentRoute: () => root,
  path: '/companies/new',
  component: lazyRouteComponent(() => import('./pages/new-company.tsx'), 'NewCompanyPage'),
});

const company = createRoute({
  getParentRoute: () => root,
  path: '/companies/$id',
  validateSearch: readCompanySearch,
  component: lazyRouteComponent(() => import('./pages/company.tsx'), 'CompanyPage'),
});

const companySetup = createRoute({
  getParentRoute: () => root,
  path: '/companies/$id/setup',
  validateSearch: readSetupSearch,
  component: lazyRouteComponent(() => import('./pages/company-setup.tsx'), 'CompanySetupPage'),
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

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
