import { useState } from 'react';
import type { ComponentProps } from 'react';
import {
  CrossingDocument,
  InvoiceCrossingsDocument,
  UsualTimesDocument,
} from '../graphql/generated/graphql.ts';
import type { Direction, InvoiceCrossingsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { shownCrossing } from '../crossing/shown-crossing.ts';
import { usualTimes } from '../crossing/usual-times.ts';
import { formatDateTime } from '../format/date.ts';
import { paths } from '../paths.ts';
import { changeKindLabels, directionLabels, stageLabels } from '../state-labels.ts';
import { isUnknownChange, mayChangeAttempts } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink, useGo } from './app-link.tsx';
import { CrossingView } from './crossing-view.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';

type CrossingInvoice = ComponentProps<typeof CrossingView>['invoice'] & {
  readonly id: string;
  readonly company: { readonly id: string };
};

type CrossingTabProps = {
  readonly invoice: CrossingInvoice;
  /** A past crossing to show; the newest one when left out. */
  readonly eventId: string | undefined;
  /** Finds a past crossing by its correlation id, where its own id is not known. */
  readonly correlationId?: string | undefined;
};

/** This invoice on the bridge: the newest crossing as it happens, or any past one. */
export function CrossingTab({ invoice, eventId, correlationId }: CrossingTabProps) {
  const { id } = invoice;
  const asked = { query: InvoiceCrossingsDocument, variables: { id } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: (event, shown) =>
      isUnknownChange(event, id, shown?.invoice?.outboxEvents.nodes ?? []),
    refetchMs: 0,
  });
  return (
    <QueryView result={result} what="The crossings">
      {(data) => {
        const changes = data.invoice?.outboxEvents.nodes ?? [];
        const found = changes.find((change) => change.correlationId === correlationId)?.id;
        const chosenId = eventId ?? found;
        const shownId = chosenId ?? shownCrossing(changes)?.id;
        if (shownId === undefined) {
          return (
            <Panel title="Crossing" actions={<PanelGraphql {...asked} />}>
              <Empty title="This invoice has not crossed yet.">
                Its first change will be drawn here as it moves.
              </Empty>
            </Panel>
          );
        }
        return (
          <Crossing
            invoice={invoice}
            changes={changes}
            shownId={shownId}
            isChosen={chosenId !== undefined}
          />
        );
      }}
    </QueryView>
  );
}

type Change = NonNullable<InvoiceCrossingsQuery['invoice']>['outboxEvents']['nodes'][number];

type CrossingProps = {
  readonly invoice: CrossingInvoice;
  readonly changes: readonly Change[];
  readonly shownId: string;
  /** A person picked it; otherwise it is whatever is to be watched now. */
  readonly isChosen: boolean;
};

/** Not mounted anew for another change: the one before stays on screen until the next one is read. */
function Crossing({ invoice, changes, shownId, isChosen }: CrossingProps) {
  const [firstId] = useState(shownId);
  const asked = { query: CrossingDocument, variables: { id: shownId } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: mayChangeAttempts(shownId),
    refetchMs: 250,
  });
  const change = result.data?.node?.__typename === 'OutboxEvent' ? result.data.node : null;
  const direction = change?.direction ?? 'TO_QUICKBOOKS';
  const usual = useUsualTimes(invoice.company.id, direction);
  return (
    <QueryView
      result={result}
      what="The crossing"
      skeleton={<Skeleton what="the crossing" rows={1} rowClass="h-80" />}
    >
      {() =>
        change === null ? (
          <Empty title="There is no such crossing, or you may not see it." />
        ) : (
          <CrossingView
            key={change.id}
            invoice={invoice}
            change={change}
            usual={usual}
            isArriving={!isChosen && change.id !== firstId}
            actions={
              <>
                <AppLink
                  href={paths.audit({ correlation: change.correlationId })}
                  className="mr-2 text-[0.8125rem] whitespace-nowrap underline underline-offset-4"
                >
                  Its audit entries
                </AppLink>
                <CrossingPicker invoiceId={invoice.id} changes={changes} shownId={shownId} />
                <PanelGraphql {...asked} />
              </>
            }
          />
        )
      }
    </QueryView>
  );
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
  readonly invoiceId: string;
  readonly changes: readonly Change[];
  readonly shownId: string;
};

function CrossingPicker({ invoiceId, changes, shownId }: CrossingPickerProps) {
  const go = useGo();
  if (changes.length < 2) return null;
  const watched = shownCrossing(changes)?.id;
  const choose = (changeId: string) => {
    const event = changeId === watched ? {} : { event: changeId };
    go(paths.invoice(invoiceId, { tab: 'crossing', ...event }), 'replace');
  };
  return (
    <select
      aria-label="Crossing shown"
      value={shownId}
      onChange={({ target }) => choose(target.value)}
      className="mr-1 h-8 max-w-40 truncate rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem] sm:max-w-80"
    >
      {changes.map(({ id, receivedAt, kind, direction, stage }) => (
        <option key={id} value={id}>
          {id === watched ? 'Newest: ' : ''}
          {formatDateTime(receivedAt)} · {changeKindLabels[kind]} {directionLabels[direction].arrow}{' '}
          · {stageLabels[stage].label}
        </option>
      ))}
    </select>
  );
}
