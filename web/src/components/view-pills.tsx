import { AppLink } from './app-link.tsx';

/** One view of a list, or one order of it. */
type Pill = { readonly href: string; readonly label: string; readonly isHere: boolean };

type ViewPillsProps = {
  /** Names the group for readers: "Views", "Order". */
  readonly label: string;
  readonly pills: readonly Pill[];
};

/** A row of views, each an address of its own, so that a bookmark keeps it. */
export function ViewPills({ label, pills }: ViewPillsProps) {
  return (
    <nav aria-label={label} className="relative -mx-1 flex gap-1 overflow-x-auto px-1 py-1">
      {pills.map(({ href, label: words, isHere }) => (
        <AppLink
          key={href}
          href={href}
          aria-current={isHere ? 'page' : undefined}
          className={`rounded-full px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap transition-colors ${
            isHere ? 'bg-ink text-paper' : 'text-ink-soft hover:bg-raised hover:text-ink'
          }`}
        >
          {words}
        </AppLink>
      ))}
    </nav>
  );
}
