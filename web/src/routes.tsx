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
  readConflictsSearch,
  readInvoiceSearch,
  readInvoicesSearch,
  readLiveSearch,
  readWorkSearch,
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
