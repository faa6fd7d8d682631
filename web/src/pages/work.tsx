import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { AppLink, useCompanyId, useGo } from '../components/app-link.tsx';
import { ConflictView } from '../components/conflict-view.tsx';
import { DeadLetterView } from '../components/dead-letter-view.tsx';
import { QueryView } from '../components/query-view.tsx';
import { useNeeds } from '../components/use-needs.ts';
import type { Needs } from '../components/use-needs.ts';
import { MoneyText } from '../components/values.tsx';
import { formatCount } from '../format/money.ts';
import { needKindLabels } from '../needs.ts';
import type { Need } from '../needs.ts';
import { paths } from '../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/work');

/** Of each kind; more than this nobody works through in one sitting. */
const askedMax = 50;

/** Conflicts and dead letters in one queue, most money first, one after the other. */
export function WorkPage() {
  const companyId = useCompanyId();
  const { item } = route.useSearch();
  const result = useNeeds(companyId === undefined ? null : [companyId], askedMax);
  return (
    <>
      <h1 className="sr-only">What needs you</h1>
      <QueryView
        result={result}
        what="What needs you"
        skeleton={<Skeleton what="what needs you" rows={6} rowClass="h-12" />}
      >
        {(needs) => <Queue needs={needs} item={item} />}
      </QueryView>
    </>
  );
}

type QueueProps = { readonly needs: Needs; readonly item: string | undefined };

function Queue({ needs: { needs, conflictCount, deadLetterCount }, item }: QueueProps) {
  const go = useGo();
  const firstId = needs[0]?.id;
  const shownId = item ?? firstId;
  const begin = useEffectEvent(() => {
    if (firstId !== undefined) go(paths.work({ item: firstId }), 'replace');
  });
  useEffect(() => {
    if (item === undefined) begin();
  }, [item, firstId]);
  const queue = placed(needs, shownId);
  useKeys({
    j: () => queue.next && go(queue.next.href),
    k: () => queue.previous && go(queue.previous.href),
  });
  if (shownId === undefined) return <NothingLeft />;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <QueueList needs={needs} shownId={shownId} total={conflictCount + deadLetterCount} />
      <div key={shownId} className="min-w-0">
        {isDeadLetter(shownId, needs) ? (
          <DeadLetterView id={shownId} queue={queue} />
        ) : (
          <ConflictView id={shownId} queue={queue} />
        )}
      </div>
    </div>
  );
}

/** The queue knows the kind of what waits; of what has left it, the id itself tells. */
function isDeadLetter(id: string, needs: readonly Need[]): boolean {
  const need = needs.find((one) => one.id === id);
  return need === undefined ? typeOf(id) === 'DeadLetter' : need.kind === 'dead-letter';
}

/** Global ids are written as `Type:key` in base64. */
function typeOf(id: string): string {
  try {
    return atob(id).split(':')[0] ?? '';
  } catch {
    // An address somebody typed: it is then shown as not found.
    return '';
  }
}

/** Where an item stands; of what has left the queue, what comes first is next. */
function placed(needs: readonly Need[], id: string | undefined) {
  const index = needs.findIndex((need) => need.id === id);
  const others = needs.filter((need) => need.id !== id);
  const neighbour = (need: Need | undefined) =>
    need && { href: paths.work({ item: need.id }), number: need.number };
  return {
    place: index === -1 ? null : index + 1,
    total: needs.length,
    previous: index <= 0 ? undefined : neighbour(needs[index - 1]),
    next: neighbour(needs[index + 1] ?? others[0]),
  };
}

function NothingLeft() {
  return (
    <Empty title="Nothing needs you.">
      <AppLink href={paths.overview()} className="underline underline-offset-4">
        Back to the overview
      </AppLink>
    </Empty>
  );
}

type QueueListProps = {
  readonly needs: readonly Need[];
  readonly shownId: string;
  readonly total: number;
};

function QueueList({ needs, shownId, total }: QueueListProps) {
  return (
    <nav
      aria-label="What needs you, most money first"
      className="rounded-lg border border-line bg-surface shadow-panel lg:sticky lg:top-20"
    >
      <p className="flex min-h-11 items-center justify-between px-4 text-[0.8125rem] font-semibold">
        Needs you <span data-figures>{formatCount(total)}</span>
      </p>
      <ol className="max-h-56 overflow-y-auto border-t border-line lg:max-h-[calc(100dvh-12rem)]">
        {needs.map((need) => (
          <QueueRow key={need.id} need={need} isHere={need.id === shownId} />
        ))}
      </ol>
    </nav>
  );
}

function QueueRow({ need, isHere }: { readonly need: Need; readonly isHere: boolean }) {
  const { id, kind, number, customer, money } = need;
  return (
    <li className="border-b border-line last:border-0">
      <AppLink
        href={paths.work({ item: id })}
        aria-current={isHere ? 'true' : undefined}
        className={`block px-4 py-2 transition-colors ${
          isHere ? 'bg-raised shadow-[inset_3px_0_0_var(--color-ink)]' : 'hover:bg-raised'
        }`}
      >
        <span className="flex justify-between gap-2 font-medium">
          {number ?? 'No number'} <MoneyText value={money} />
        </span>
        <span className="mt-0.5 flex items-center justify-between gap-2 text-[0.8125rem] text-ink-soft">
          <span className="truncate">{customer}</span>
          <Chip tone="waiting-on-you">{needKindLabels[kind]}</Chip>
        </span>
      </AppLink>
    </li>
  );
}
