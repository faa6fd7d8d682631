import { Outlet, useRouterState } from '@tanstack/react-router';
import { Activity, FileText, Keyboard, LayoutGrid, Split, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { BridgeMark } from '../ui/bridge-mark.tsx';
import { IconButton } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { AppLink, useCompanyId, useGo } from './app-link.tsx';
import { CompanyBanner } from './company-banner.tsx';
import { CompanySwitch } from './company-switch.tsx';
import { FreshnessIndicator } from './freshness-indicator.tsx';
import { LiveAnnouncer } from './live-announcer.tsx';
import { PauseButton } from './pause-button.tsx';
import { RecentDecision } from './recent-decision.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { StreamNotice } from './stream-notice.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { useConflictCount, useNeedsYou } from './use-needs-you.ts';

const places = [
  { href: paths.overview(), label: 'Overview', icon: LayoutGrid },
  { href: paths.live(), label: 'Live', icon: Activity },
  { href: paths.invoices(), label: 'Invoices', icon: FileText },
  { href: paths.conflicts(), label: 'Conflicts', icon: Split },
];

/** What stands around every page: the way about, how current it is, and Pause before anything that moves. */
export function Shell() {
  const [isSheetOpen, setSheetOpen] = useState(false);
  useShellKeys(() => setSheetOpen(true));
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-paper focus:translate-y-0"
      >
        Skip to content
      </a>
      <NavigationRail />
      <div className="flex min-w-0 flex-col pb-16 md:pb-0">
        <header className="sticky top-0 z-20 flex h-14 items-center gap-3 border-b border-line bg-paper/95 px-4 md:px-6">
          <CompanySwitch />
          <div className="ml-auto flex min-w-0 items-center gap-2">
            <FreshnessIndicator />
            <PauseButton />
            <span className="hidden sm:inline-flex">
              <IconButton label="Keys" onClick={() => setSheetOpen(true)}>
                <Keyboard aria-hidden="true" className="size-4" />
              </IconButton>
            </span>
            <ThemeSwitch />
            <SignOutButton />
          </div>
        </header>
        <StreamNotice />
        <CompanyBanner />
        <main
          id="content"
          tabIndex={-1}
          className="w-full max-w-[88rem] flex-1 px-4 py-6 outline-none md:px-6"
        >
          <RecentDecision>
            <Outlet />
          </RecentDecision>
        </main>
      </div>
      <LiveAnnouncer />
      <ShortcutSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
    </div>
  );
}

function useShellKeys(openSheet: () => void) {
  const go = useGo();
  const store = useStreamStore();
  const isPaused = useStream((stream) => stream.isPaused);
  useKeys({
    'g o': () => go(paths.overview()),
    'g l': () => go(paths.live()),
    'g i': () => go(paths.invoices()),
    'g c': () => go(paths.conflicts()),
    Space: () => store.setPaused(!isPaused),
    '?': openSheet,
  });
}

function NavigationRail() {
  const companyId = useCompanyId();
  const needsYou = useNeedsYou(companyId);
  const conflictCount = useConflictCount(companyId);
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:border-t-0 md:border-r md:bg-paper md:px-3 md:py-4"
    >
      <AppLink href={paths.overview()} className="mb-5 hidden items-center gap-2 px-2 md:flex">
        <BridgeMark hasGap={needsYou > 0} />
        <span className="text-[0.9375rem] font-semibold tracking-tight">LedgerBridge</span>
      </AppLink>
      <ul className="flex md:flex-col md:gap-0.5">
        {places.map((place) => (
          <NavigationLink
            key={place.href}
            {...place}
            count={place.href === paths.conflicts() ? conflictCount : 0}
          />
        ))}
        <li className="flex-1 md:flex-none">
          <a href={paths.graphql()} className={`${linkLook} text-ink-soft hover:text-ink`}>
            <SquareTerminal aria-hidden="true" className="size-4" />
            Playground
          </a>
        </li>
      </ul>
    </nav>
  );
}

const linkLook =
  'flex h-16 flex-col items-center justify-center gap-1 rounded-md px-2 text-xs font-medium transition-colors md:h-9 md:flex-row md:justify-start md:gap-2.5 md:text-[0.8125rem] md:hover:bg-raised';

type NavigationLinkProps = (typeof places)[number] & {
  /** How many wait on a person there; 0 is not shown. */
  readonly count: number;
};

function NavigationLink({ href, label, icon: Icon, count }: NavigationLinkProps) {
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const isHere = href === '/' ? pathname === '/' : pathname.startsWith(href);
  return (
    <li className="flex-1 md:flex-none">
      <AppLink
        href={href}
        aria-current={isHere ? 'page' : undefined}
        className={`${linkLook} ${isHere ? 'text-ink md:bg-raised' : 'text-ink-soft hover:text-ink'}`}
      >
        <Icon aria-hidden="true" className="size-4" />
        {label}
        {count > 0 && (
          <span
            data-figures
            className="rounded-full bg-you-soft px-1.5 text-xs font-semibold text-you md:ml-auto"
          >
            {formatCount(count)}
            <span className="sr-only"> open</span>
          </span>
        )}
      </AppLink>
    </li>
  );
}
