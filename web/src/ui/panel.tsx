import { useId } from 'react';
import type { ReactNode } from 'react';

type PanelProps = {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** False for content that brings its own edges, such as a table. */
  readonly isPadded?: boolean;
};

/** A titled region of a page. */
export function Panel({ title, actions, children, className = '', isPadded = true }: PanelProps) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className={`flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-panel ${className}`}
    >
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1 py-1 pr-2 pl-4">
        <h2 id={titleId} className="py-1.5 text-[0.8125rem] font-semibold text-ink">
          {title}
        </h2>
        <div className="ml-auto flex min-w-0 items-center">{actions}</div>
      </header>
      <div className={isPadded ? 'flex-1 px-4 pb-4' : 'flex-1'}>{children}</div>
    </section>
  );
}
