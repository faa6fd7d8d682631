import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useModifiedKey } from '../ui/keys.ts';
import { whenIdle } from '../ui/when-idle.ts';

const load = () => import('../palette/palette.tsx');

// The overlay kit is a third of the first script's budget, so it comes once the page has nothing better to do.
const Palette = lazy(async () => ({ default: (await load()).Palette }));

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Search and jump, on ⌘K or Ctrl K from anywhere. */
export function PaletteButton() {
  const [isOpen, setOpen] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const typedEarly = useTypedEarly(isOpen);
  useModifiedKey('k', () => setOpen(true));
  useEffect(() => whenIdle(() => void load()), []);
  if (isOpen && !isWanted) setWanted(true);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Meta+K Control+K"
        onClick={() => setOpen(true)}
        className="inline-flex h-8 min-w-8 items-center justify-center gap-2 rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem] text-ink-soft hover:bg-raised hover:text-ink lg:w-64 lg:justify-start"
      >
        <Search aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="sr-only lg:not-sr-only">Search or jump…</span>
        <kbd aria-hidden="true" className="ml-auto hidden font-mono text-xs lg:inline">
          {isApple ? '⌘K' : 'Ctrl K'}
        </kbd>
      </button>
      {isWanted && (
        <Suspense>
          <Palette isOpen={isOpen} typedEarly={typedEarly} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What is typed before the palette is there belongs to it: on the page below, a 2 might settle a conflict. */
function useTypedEarly(isOpen: boolean): string {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!isOpen) return undefined;
    const keep = (event: KeyboardEvent) => {
      const isInside = event.target instanceof Element && event.target.closest('dialog[open]');
      if (isInside || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey)
        return;
      event.preventDefault();
      event.stopImmediatePropagation();
      setTyped((before) => before + event.key);
    };
    window.addEventListener('keydown', keep, { capture: true });
    return () => {
      window.removeEventListener('keydown', keep, { capture: true });
      setTyped('');
    };
  }, [isOpen]);
  return typed;
}
