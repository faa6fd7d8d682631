import { Outlet } from '@tanstack/react-router';
import { Keyboard } from 'lucide-react';
import { useState } from 'react';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { useGo } from './app-link.tsx';
import { CompanyBanner } from './company-banner.tsx';
import { CompanySwitch } from './company-switch.tsx';
import { FreshnessIndicator } from './freshness-indicator.tsx';
import { LiveAnnouncer } from './live-announcer.tsx';
import { Navigation } from './navigation.tsx';
import { PauseButton } from './pause-button.tsx';
import { RecentDecision } from './recent-decision.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { StreamNotice } from './stream-notice.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { usePlaceGroups } from './use-places.ts';

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
      <Navigation />
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
  const places = usePlaceGroups().flat();
  useKeys({
    ...Object.fromEntries(
      places.flatMap(({ key, href }) => (key === undefined ? [] : [[`g ${key}`, () => go(href)]])),
    ),
    Space: () => store.setPaused(!isPaused),
    '?': openSheet,
  });
}
