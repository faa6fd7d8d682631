import { useRouterState } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import type { Place } from '../places.ts';
import { BridgeMark } from '../ui/bridge-mark.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { AppLink, useCompanyId } from './app-link.tsx';
import { useIsHere, usePlaceGroups } from './use-places.ts';
import { useWaitingCounts } from './use-needs-you.ts';

/** A narrow screen shows this many pages at once; the others stand behind "More". */
const barPlacesMax = 4;

/** The way about: a rail beside the page, or a bar below it on a narrow screen. */
export function Navigation() {
  const waiting = useWaitingCounts(useCompanyId());
  const groups = usePlaceGroups();
  return (
    <>
      <nav
        aria-label="Pages"
        className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-r border-line bg-paper px-3 py-4 md:flex"
      >
        <AppLink href={paths.overview()} className="mb-5 flex items-center gap-2 px-2">
          <BridgeMark hasGap={waiting.hasAny} />
          <span className="text-[0.9375rem] font-semibold tracking-tight">LedgerBridge</span>
        </AppLink>
        <PlaceGroups groups={groups} waiting={waiting} />
      </nav>
      <BottomBar groups={groups} waiting={waiting} />
    </>
  );
}

type Waiting = ReturnType<typeof useWaitingCounts>;

type PlacesProps = {
  readonly groups: readonly (readonly Place[])[];
  readonly waiting: Waiting;
};

const countOf = ({ waiting }: Place, counts: Waiting) =>
  waiting === undefined ? 0 : counts[waiting];

const rowLook =
  'flex h-10 items-center gap-2.5 rounded-md px-2 text-sm font-medium transition-colors hover:bg-raised md:h-8 md:text-[0.8125rem]';

function PlaceGroups({ groups, waiting }: PlacesProps) {
  const isHere = useIsHere();
  return groups.map((group) => (
    <ul
      key={group[0]?.href}
      className="flex flex-col gap-0.5 not-first-of-type:mt-2 not-first-of-type:border-t not-first-of-type:border-line not-first-of-type:pt-2"
    >
      {group.map((place) => (
        <li key={place.href}>
          <PlaceLink
            place={place}
            className={`${rowLook} ${isHere(place) ? 'bg-raised text-ink' : 'text-ink-soft hover:text-ink'}`}
          >
            <Count of={countOf(place, waiting)} className="ml-auto" />
          </PlaceLink>
        </li>
      ))}
    </ul>
  ));
}

type PlaceLinkProps = {
  readonly place: Place;
  readonly className: string;
  readonly children: ReactNode;
};

function PlaceLink({ place, className, children }: PlaceLinkProps) {
  const isHere = useIsHere();
  const { href, label, icon: Icon, isOutside } = place;
  const face = (
    <>
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      {label}
      {children}
    </>
  );
  if (isOutside) {
    return (
      <a href={href} className={className}>
        {face}
      </a>
    );
  }
  return (
    <AppLink href={href} aria-current={isHere(place) ? 'page' : undefined} className={className}>
      {face}
    </AppLink>
  );
}

type CountProps = { readonly of: number; readonly className?: string };

/** How many wait on a person there; 0 is not shown. */
function Count({ of, className = '' }: CountProps) {
  if (of === 0) return null;
  return (
    <span
      data-figures
      className={`rounded-full bg-you-soft px-1.5 text-xs font-semibold text-you ${className}`}
    >
      {formatCount(of)}
      <span className="sr-only"> open</span>
    </span>
  );
}

const barLook =
  'relative flex h-16 w-full flex-col items-center justify-center gap-1 px-1 text-xs font-medium';

/** The first pages, and the rest in a sheet that opens upwards. */
function BottomBar({ groups, waiting }: PlacesProps) {
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  // A link in the sheet leads away from where it was opened, and so closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const isHere = useIsHere();
  const places = groups.flat();
  const shown = places.slice(0, barPlacesMax);
  const rest = places.slice(barPlacesMax);
  const restCount = rest.reduce((sum, place) => sum + countOf(place, waiting), 0);
  const badge = 'absolute top-1.5 left-1/2 ml-1.5';
  const look = (isCurrent: boolean) => `${barLook} ${isCurrent ? 'text-ink' : 'text-ink-soft'}`;
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex">
        {shown.map((place) => (
          <li key={place.href} className="min-w-0 flex-1">
            <PlaceLink place={place} className={look(isHere(place))}>
              <Count of={countOf(place, waiting)} className={badge} />
            </PlaceLink>
          </li>
        ))}
        {rest.length > 0 && (
          <li className="min-w-0 flex-1">
            <button
              type="button"
              aria-haspopup="dialog"
              className={look(rest.some(isHere))}
              onClick={() => setOpenAt(pathname)}
            >
              <Ellipsis aria-hidden="true" className="size-4" />
              More
              <Count of={restCount} className={badge} />
            </button>
          </li>
        )}
      </ul>
      <Dialog
        title="Pages"
        place="bottom"
        isOpen={openAt === pathname}
        onClose={() => setOpenAt(null)}
      >
        <PlaceGroups groups={groups} waiting={waiting} />
      </Dialog>
    </nav>
  );
}
