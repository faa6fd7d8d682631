import { getRouteApi } from '@tanstack/react-router';
import { AppLink, useCompanyId, useGo } from '../components/app-link.tsx';
import { DeadLetterChoice } from '../components/dead-letter-choice.tsx';
import { StandingChip } from '../components/dead-letter-row.tsx';
import { FaultDetails } from '../components/fault-details.tsx';
import { FixSteps } from '../components/fix-steps.tsx';
import { MissingReferences } from '../components/missing-references.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { DirectionText, StageChip } from '../components/state-chips.tsx';
import { AgoText, MoneyText, TimeText } from '../components/values.tsx';
import { DeadLetterDocument, DeadLetterQueueDocument } from '../graphql/generated/graphql.ts';
import type { DeadLetterQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { changeKindLabels } from '../state-labels.ts';
import { isAboutDeadLetters, mayChangeDeadLetters } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { useKeys } from '../ui/keys.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { readable } from '../format/sentence.ts';

const route = getRouteApi('/dead-letters/$id');

/** One dead letter: what happened, what to do, and what QuickBooks said. */
export function DeadLetterPage() {
  const { id } = route.useParams();
  return <DeadLetterView key={id} id={id} />;
}

function DeadLetterView({ id }: { readonly id: string }) {
  const asked = { query: DeadLetterDocument, variables: { id } };
  const result = useLiveQuery({ ...asked, refetchOn: mayChangeDeadLetters, refetchMs: 250 });
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Dead letter</h1>}
      <QueryView
        result={result}
        what="This dead letter"
        skeleton={<Skeleton what="the dead letter" rows={4} rowClass="h-16" />}
      >
        {({ deadLetter }) =>
          deadLetter === null ? <NoSuchDeadLetter /> : <Shown letter={deadLetter} />
        }
      </QueryView>
    </>
  );
}

function NoSuchDeadLetter() {
  return (
    <>
      <h1 className="sr-only">Dead letter not found</h1>
      <Empty title="There is no such dead letter, or you may not see it.">
        <AppLink href={paths.deadLetters()} className="underline underline-offset-4">
          All dead letters
        </AppLink>
      </Empty>
    </>
  );
}

type Letter = NonNullable<DeadLetterQuery['deadLetter']>;

function Shown({ letter }: { readonly letter: Letter }) {
  const companyId = letter.event.invoice?.company.id;
  const isWaiting = letter.status === 'OPEN' && letter.reason === 'MISSING_REFERENCE';
  return (
    <div className="flex flex-col gap-4">
      <Header letter={letter} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Panel
          title="What to do"
          actions={<PanelGraphql query={DeadLetterDocument} variables={{ id: letter.id }} />}
        >
          <div className="flex flex-col gap-3">
            <p>{readable(letter.explanation)}</p>
            {isWaiting && companyId !== undefined && (
              <MissingReferences companyId={companyId} explanation={letter.explanation} />
            )}
            <FixSteps letter={letter} />
          </div>
        </Panel>
        <Panel title="Replay or discard">
          <DeadLetterChoice letter={letter} />
        </Panel>
      </div>
      <Ways letter={letter} />
      <FaultDetails id={letter.id} />
    </div>
  );
}

function Header({ letter }: { readonly letter: Letter }) {
  const { event, diedAt } = letter;
  const { invoice } = event;
  const side = invoice?.internal ?? invoice?.quickbooks;
  return (
    <header className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center justify-between gap-x-4 text-[0.8125rem] text-ink-soft">
        <span>
          <AppLink href={paths.deadLetters()} className="underline-offset-4 hover:underline">
            Dead letters
          </AppLink>
          {invoice && ` · ${invoice.company.name}`}
        </span>
        <Neighbours id={letter.id} />
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">
          {invoice?.number ?? 'No number'}
        </h1>
        <StandingChip letter={letter} />
        <span className="text-ink-soft">{side?.customer.name}</span>
        <span className="font-medium">
          <MoneyText value={side?.total} />
        </span>
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-ink-soft">
        <span>
          Stopped <AgoText instant={diedAt} />
        </span>
        <DirectionText direction={event.direction} />
        <span>{changeKindLabels[event.kind]}</span>
        {invoice && (
          <AppLink href={paths.invoice(invoice.id)} className="underline underline-offset-4">
            The invoice
          </AppLink>
        )}
        {invoice && (
          <AppLink
            href={paths.invoice(invoice.id, { tab: 'crossing', event: event.id })}
            className="underline underline-offset-4"
          >
            Its crossing
          </AppLink>
        )}
        <AppLink
          href={paths.audit({ correlation: event.correlationId })}
          className="underline underline-offset-4"
        >
          Its audit entries
        </AppLink>
      </p>
    </header>
  );
}

function Neighbours({ id }: { readonly id: string }) {
  const companyId = useCompanyId();
  const go = useGo();
  const { data } = useLiveQuery({
    query: DeadLetterQueueDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
    refetchOn: isAboutDeadLetters,
    refetchMs: 1_000,
  });
  const nodes = data?.deadLetters.nodes ?? [];
  const index = nodes.findIndex((node) => node.id === id);
  const next = nodes[index + 1];
  const previous = index < 1 ? undefined : nodes[index - 1];
  useKeys({
    j: () => next && go(paths.deadLetter(next.id)),
    k: () => previous && go(paths.deadLetter(previous.id)),
  });
  return (
    <span className="flex items-center gap-3">
      {previous && <Neighbour to={previous} words="Previous dead letter" shown="‹ K" />}
      {index >= 0 && (
        <span data-figures>
          {index + 1} of {formatCount(data?.deadLetters.totalCount ?? 0)}
        </span>
      )}
      {next && <Neighbour to={next} words="Next dead letter" shown="J ›" />}
    </span>
  );
}

type NeighbourProps = {
  readonly to: {
    readonly id: string;
    readonly event: { invoice: { number: string | null } | null };
  };
  readonly words: string;
  readonly shown: string;
};

function Neighbour({ to, words, shown }: NeighbourProps) {
  return (
    <AppLink
      href={paths.deadLetter(to.id)}
      className="min-w-6 py-1 text-center whitespace-nowrap underline-offset-4 hover:underline"
    >
      <span className="sr-only">
        {words}, {to.event.invoice?.number ?? 'no number'}, key{' '}
      </span>
      {shown}
    </AppLink>
  );
}

/** Who sent it round again so far, and how each ended. */
function Ways({ letter }: { readonly letter: Letter }) {
  const { replays, event } = letter;
  if (replays.length === 0) return null;
  return (
    <Panel title="Sent round again">
      <ol className="flex flex-col gap-1.5">
        {replays.map((replay) => (
          <li key={replay.event.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>
              {replay.actor.displayName}, <TimeText instant={replay.requestedAt} />
            </span>
            <StageChip stage={replay.event.stage} />
            {event.invoice && (
              <AppLink
                href={paths.invoice(event.invoice.id, {
                  tab: 'crossing',
                  event: replay.event.id,
                })}
                className="underline underline-offset-4"
              >
                Watch it cross
              </AppLink>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
