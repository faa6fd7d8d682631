import { Check, CircleDashed, Clock, Flag, Minus } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Shape, word and colour together: no state is told by colour alone (WCAG 1.4.1). */
const tones = {
  done: { look: 'bg-done-soft text-done', icon: Check },
  moving: { look: 'bg-raised text-ink', icon: CircleDashed },
  'waiting-on-us': { look: 'bg-us-soft text-us', icon: Clock },
  'waiting-on-you': { look: 'bg-you-soft text-you', icon: Flag },
  quiet: { look: 'text-ink-soft ring-1 ring-inset ring-line', icon: Minus },
} satisfies Record<string, { look: string; icon: LucideIcon }>;

type ChipProps = {
  readonly tone: keyof typeof tones;
  readonly help?: string;
  readonly children: ReactNode;
};

/** A state in a word. */
export function Chip({ tone, help, children }: ChipProps) {
  const { look, icon: Icon } = tones[tone];
  return (
    <span
      title={help}
      className={`inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${look}`}
    >
      <Icon aria-hidden="true" className="size-3" strokeWidth={2.5} />
      {children}
    </span>
  );
}
