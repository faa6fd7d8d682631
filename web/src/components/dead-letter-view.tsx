import { WorkDeadLetterDocument } from '../graphql/generated/graphql.ts';
import type { WorkDeadLetterQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink } from './app-link.tsx';
import type { ConflictQueue } from './conflict-view.tsx';
import { DeadLetterChoice } from './dead-letter-choice.tsx';
import { StandingChip } from './dead-letter-row.tsx';
import { FixSteps } from './fix-steps.tsx';
import { MissingReferences } from './missing-references.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { AgoText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type DeadLetterViewProps = { readonly id: string; readonly queue: ConflictQueue };

/** One dead letter within the queue: what happened, what mends it, and the ways on. Mount it under a `key` of its id. */
export function DeadLetterView({ id, queue }: DeadLetterViewProps) {
  const asked = { query: WorkDeadLetterDocument, variables: { id } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ type }) => type === 'DEAD_LETTER_CHANGED',
  });
  return (
    <QueryView
      result={result}
      what="This dead letter"
      skeleton={<Skeleton what="the dead letter" rows={4} rowClass="h-12" />}
    >
      {({ deadLetter }) =>
        deadLetter === null ? (
          <Empty title="There is no such dead letter, or you may not see it." />
        ) : (
          <div className="flex flex-col gap-4">
            <Header letter={deadLetter} queue={queue} asked={asked} />
            <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <Panel title="What to do">
                <div className="flex flex-col gap-3">
                  <p>{readable(deadLetter.explanation)}</p>
                  <MissingOf letter={deadLetter} />
                  <FixSteps letter={deadLetter} />
                </div>
              </Panel>
              <Panel title="Replay or discard">
                <DeadLetterChoice letter={deadLetter} />
              </Panel>
            </div>
          </div>
        )
      }
    </QueryView>
  );
}

type Letter = NonNullable<WorkDeadLetterQuery['deadLetter']>;

/** The records an invoice waits for can be paired right here. */
function MissingOf({
  letter: { status, reason, explanation, event },
}: {
  readonly letter: Letter;
}) {
  if (status !== 'OPEN' || reason !== 'MISSING_REFERENCE' || event.invoice === null) return null;
  return <MissingReferences companyId={event.invoice.company.id} explanation={explanation} />;
}

type HeaderProps = {
  readonly letter: Letter;
  readonly queue: ConflictQueue;
  readonly asked: Parameters<typeof PanelGraphql>[0];
};

function Header({ letter, queue, asked }: HeaderProps) {
  const { invoice } = letter.event;
  const side = invoice?.internal ?? invoice?.quickbooks;
  const onward = 'min-w-6 py-1 whitespace-nowrap underline-offset-4 hover:underline';
  return (
    <header className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center justify-end gap-3 text-[0.8125rem] text-ink-soft">
        {queue.previous && (
          <AppLink href={queue.previous.href} className={onward} aria-label="Previous, key K">
            ‹ K
          </AppLink>
        )}
        {queue.place !== null && (
          <span data-figures>
            {queue.place} of {queue.total}
          </span>
        )}
        {queue.next && (
          <AppLink href={queue.next.href} className={onward} aria-label="Next, key J">
            J ›
          </AppLink>
        )}
        <PanelGraphql {...asked} />
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-xl font-semibold tracking-tight md:text-2xl">
          {invoice?.number ?? 'No number'}
        </h2>
        <StandingChip letter={letter} />
        <span className="text-ink-soft">{side?.customer.name}</span>
        <MoneyText value={side?.total} />
      </div>
      <p className="flex flex-wrap gap-x-4 text-[0.8125rem] text-ink-soft">
        <span>
          Stopped <AgoText instant={letter.diedAt} />
        </span>
        {invoice && (
          <AppLink
            href={paths.invoice(invoice.id, { tab: 'crossing' })}
            className="underline underline-offset-4"
          >
            The invoice
          </AppLink>
        )}
        <AppLink href={paths.deadLetter(letter.id)} className="underline underline-offset-4">
          All of it
        </AppLink>
      </p>
    </header>
  );
}
