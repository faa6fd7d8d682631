import { InvoiceCrossingsDocument, UsualTimesDocument } from '../graphql/generated/graphql.ts';
import type { Direction, InvoiceCrossingsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { usualTimes } from '../crossing/usual-times.ts';
import { formatDateTime } from '../format/date.ts';
import { paths } from '../paths.ts';
import { changeKindLabels, directionLabels, stageLabels } from '../state-labels.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { useGo } from './app-link.tsx';
import { CrossingView } from './crossing-view.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import type { CrossingChange } from './what-moves.tsx';

type CrossingTabProps = {
  readonly id: string;
  /** A past crossing to show; the newest one when left out. */
  readonly eventId: string | undefined;
  readonly companyId: string;
};

/** This invoice on the bridge: the newest crossing as it happens, or any past one. */
export function CrossingTab({ id, eventId, companyId }: CrossingTabProps) {
  const asked = { query: InvoiceCrossingsDocument, variables: { id } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ invoice }) => invoice?.id === id,
    refetchMs: 250,
  });
  return (
    <QueryView result={result} what="The crossings">
      {({ invoice }) => {
        const changes = invoice?.outboxEvents.nodes ?? [];
        const change = changes.find((one) => one.id === eventId) ?? changes[0];
        if (!invoice || change === undefined) {
          return (
            <Panel title="Crossing" actions={<PanelGraphql {...asked} />}>
              <Empty title="This invoice has not crossed yet.">
                Its first change will be drawn here as it moves.
              </Empty>
            </Panel>
          );
        }
        return (
          <CrossingOf
            key={change.id}
            invoice={invoice}
            change={change}
            companyId={companyId}
            actions={
              <>
                <CrossingPicker id={id} changes={changes} shown={change} />
                <PanelGraphql {...asked} />
              </>
            }
          />
        );
      }}
    </QueryView>
  );
}

type CrossingOfProps = {
  readonly invoice: NonNullable<InvoiceCrossingsQuery['invoice']>;
  readonly change: CrossingChange;
  readonly companyId: string;
  readonly actions: React.ReactNode;
};

function CrossingOf({ companyId, ...rest }: CrossingOfProps) {
  return <CrossingView {...rest} usual={useUsualTimes(companyId, rest.change.direction)} />;
}

/** A failure here costs only the comparison with the usual, so it is not shown. */
function useUsualTimes(companyId: string, direction: Direction) {
  const { data } = useLiveQuery({
    query: UsualTimesDocument,
    variables: { companyIds: [companyId], direction },
  });
  return usualTimes(data?.outboxEvents.nodes.map(({ stageHistory }) => stageHistory) ?? []);
}

type CrossingPickerProps = {
  readonly id: string;
  readonly changes: readonly CrossingChange[];
  readonly shown: CrossingChange;
};

function CrossingPicker({ id, changes, shown }: CrossingPickerProps) {
  const go = useGo();
  if (changes.length < 2) return null;
  return (
    <select
      aria-label="Crossing shown"
      value={shown.id}
      onChange={({ target }) => {
        const isNewest = target.value === changes[0]?.id;
        go(
          paths.invoice(id, { tab: 'crossing', ...(isNewest ? {} : { event: target.value }) }),
          'replace',
        );
      }}
      className="mr-1 h-8 max-w-40 truncate rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem] sm:max-w-80"
    >
      {changes.map(({ id: changeId, receivedAt, kind, direction, stage }, index) => (
        <option key={changeId} value={changeId}>
          {index === 0 ? 'Newest: ' : ''}
          {formatDateTime(receivedAt)} · {changeKindLabels[kind]} {directionLabels[direction].arrow}{' '}
          · {stageLabels[stage].label}
        </option>
      ))}
    </select>
  );
}
