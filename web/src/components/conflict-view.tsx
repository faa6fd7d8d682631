import { useState } from 'react';
import { ConflictDocument } from '../graphql/generated/graphql.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { mayChangeConflict } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink } from './app-link.tsx';
import { ConflictDesk } from './conflict-desk.tsx';
import { ConflictOutcome } from './conflict-outcome.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { ConflictStatusChip } from './state-chips.tsx';
import { MoneyText, TimeText } from './values.tsx';

/** What comes before or after, and where it is. */
export type Neighbour = { readonly href: string; readonly number: string | null };

/** Where a conflict stands among what waits. */
export type ConflictQueue = {
  /** Counted from 1; null when it is not among what waits. */
  readonly place: number | null;
  readonly total: number;
  readonly previous: Neighbour | undefined;
  readonly next: Neighbour | undefined;
};

type ConflictViewProps = { readonly id: string; readonly queue: ConflictQueue };

/** One conflict: both values, what was agreed, and what both sides will hold. Mount it under a `key` of its id. */
export function ConflictView({ id, queue }: ConflictViewProps) {
  const [acted, setActed] = useState<ConflictDetailFragment | null>(null);
  const result = useLiveQuery({
    query: ConflictDocument,
    variables: { id },
    refetchOn: (event, shown) => mayChangeConflict(event, id, shown?.conflict?.invoice.id),
    refetchMs: 100,
  });
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Conflict</h1>}
      <QueryView
        result={result}
        what="This conflict"
        skeleton={<Skeleton what="the conflict" rows={4} rowClass="h-12" />}
      >
        {({ conflict: read, viewer }) => {
          const conflict = newer(read, acted);
          if (conflict === null) return <NoSuchConflict />;
          return (
            <div className="flex flex-col gap-4">
              <ConflictHeader conflict={conflict} queue={queue} />
              {conflict.status === 'OPEN' ? (
                <ConflictDesk
                  conflict={conflict}
                  mayDecide={viewer.scopes.includes('OPERATE')}
                  onActed={setActed}
                />
              ) : (
                <ConflictOutcome
                  conflict={conflict}
                  next={queue.next}
                  isOwnAct={acted?.status === conflict.status}
                  mayDecide={viewer.scopes.includes('OPERATE')}
                  onActed={setActed}
                />
              )}
            </div>
          );
        }}
      </QueryView>
    </>
  );
}

/** The answer of one's own act may be newer than what the page read last. */
function newer(
  read: ConflictDetailFragment | null,
  acted: ConflictDetailFragment | null,
): ConflictDetailFragment | null {
  return acted !== null && (read === null || acted.version > read.version) ? acted : read;
}

function NoSuchConflict() {
  return (
    <>
      <h1 className="sr-only">Conflict not found</h1>
      <Empty title="There is no such conflict, or you may not see it.">
        <AppLink href={paths.conflicts()} className="underline underline-offset-4">
          All conflicts
        </AppLink>
      </Empty>
    </>
  );
}

type HeaderProps = { readonly conflict: ConflictDetailFragment; readonly queue: ConflictQueue };

function ConflictHeader({ conflict, queue }: HeaderProps) {
  const { invoice } = conflict;
  const side = invoice.internal ?? invoice.quickbooks;
  return (
    <header className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center justify-between gap-x-4 text-[0.8125rem] text-ink-soft">
        <span>
          <AppLink href={paths.conflicts()} className="underline-offset-4 hover:underline">
            Conflicts
          </AppLink>{' '}
          · {invoice.company.name}
        </span>
        <span className="flex items-center gap-3">
          <NeighbourLink to={queue.previous} words="Previous conflict" shown="‹ K" />
          {queue.place !== null && (
            <span data-figures>
              {queue.place} of {queue.total}
            </span>
          )}
          <NeighbourLink to={queue.next} words="Next conflict" shown="J ›" />
          <PanelGraphql query={ConflictDocument} variables={{ id: conflict.id }} />
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">
          {invoice.number ?? 'No number'}
        </h1>
        <ConflictStatusChip status={conflict.status} />
        <span className="text-ink-soft">{side?.customer.name}</span>
        {!isZeroDecimal(conflict.amountAtStake.amount) && (
          <span>
            <span className="font-medium">
              <MoneyText value={conflict.amountAtStake} />
            </span>{' '}
            apart
          </span>
        )}
      </div>
      <p className="flex flex-wrap gap-x-4 text-[0.8125rem] text-ink-soft">
        <span>
          Found <TimeText instant={conflict.detectedAt} />
        </span>
        {conflict.similarOpenCount > 0 && <span>{alikeWords(conflict.similarOpenCount)}</span>}
        <AppLink href={paths.invoice(invoice.id)} className="underline underline-offset-4">
          The invoice
        </AppLink>
      </p>
    </header>
  );
}

const alikeWords = (count: number) =>
  count === 1 ? '1 other looks alike' : `${formatCount(count)} others look alike`;

type NeighbourProps = {
  readonly to: Neighbour | undefined;
  readonly words: string;
  readonly shown: string;
};

function NeighbourLink({ to, words, shown }: NeighbourProps) {
  if (to === undefined) return null;
  return (
    <AppLink
      href={to.href}
      className="min-w-6 py-1 text-center whitespace-nowrap underline-offset-4 hover:underline"
    >
      <span className="sr-only">
        {words}, {to.number ?? 'no number'}, key{' '}
      </span>
      {shown}
    </AppLink>
  );
}
