import { Outlet } from '@tanstack/react-router';
import { Keyboard } from 'lucide-react';
import { useState } from 'react';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { shownKeyOf } from '../ui/key-map.ts';
import { useGo } from './app-link.tsx';
import { CompanyBanner } from './company-banner.tsx';
import { CompanySwitch } from './company-switch.tsx';
import { FreshnessIndicator } from './freshness-indicator.tsx';
import { LiveAnnouncer } from './live-announcer.tsx';
import { Navigation } from './navigation.tsx';
import { PauseButton } from './pause-button.tsx';
import { PaletteButton } from './palette-button.tsx';
import { RecentActionLine, RecentActions, RecentActionsMenu } from './recent-actions.tsx';
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
    <RecentActions>
      <div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-paper focus:translate-y-0"
        >
          Skip to content
        </a>
        <Navigation />
        <div className="flex min-w-0 flex-col pb-16 md:pb-0">
          <Header openSheet={() => setSheetOpen(true)} />
          <StreamNotice />
          <CompanyBanner />
          <main
            id="content"
            tabIndex={-1}
            className="w-full max-w-[88rem] flex-1 px-4 py-6 outline-none md:px-6"
          >
            <RecentActionLine />
            <Outlet />
          </main>
        </div>
        <LiveAnnouncer />
        <ShortcutSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
      </div>
    </RecentActions>
  );
}

function Header({ openSheet }: { readonly openSheet: () => void }) {
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line bg-paper/95 px-4 md:px-6">
      <CompanySwitch />
      <PaletteButton />
      <div className="ml-auto flex min-w-0 items-center gap-2">
        <FreshnessIndicator />
        <RecentActionsMenu />
        <PauseButton />
        <span className="hidden items-center sm:inline-flex">
          <IconButton label="Keys" aria-keyshortcuts={shownKeyOf('?')} onClick={openSheet}>
            <Keyboard aria-hidden="true" className="size-4" />
          </IconButton>
          <ThemeSwitch />
        </span>
        <SignOutButton />
      </div>
    </header>
  );
}

function useShellKeys(openSheet: () => void) {
  const go = useGo();
  const store = useStreamStore();
  const isPaused = useStream((stream) => stream.isPaused);
  const places = usePlaceGroups().flat();
  const chords = places.flatMap(({ key, label, href }) =>
    key === undefined ? [] : [{ name: `g ${key}`, label, href }],
  );
  useKeys(
    {
      ...Object.fromEntries(chords.map(({ name, href }) => [name, () => go(href)])),
      Space: () => store.setPaused(!isPaused),
      '?': openSheet,
    },
    Object.fromEntries(chords.map(({ name, label }) => [name, `Go to ${label}`])),
  );
}
