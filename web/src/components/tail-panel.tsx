import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { LiveBeforeDocument, SyncEventsDocument } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { isShownLive } from '../live-views.ts';
import type { LiveSearch } from '../search.ts';
import { withBefore } from '../stream/before.ts';
import { useStream } from '../stream/stream-context.tsx';
import type { StreamEvent } from '../stream/stream-store.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { DirectionText, InvoiceStatusChip, StageChip } from './state-chips.tsx';
import { TailNarrowing } from './tail-narrowing.tsx';
import { TimeText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const rowHeight = 40;
const columns =
  'grid grid-cols-[4.5rem_minmax(0,1fr)_auto] md:grid-cols-[4.5rem_8.5rem_8.5rem_9.5rem_minmax(0,1fr)] gap-x-4';

/** The newest events first. New ones wait behind a bar while the reader is in the table. */
export function TailPanel({ search }: { readonly search: LiveSearch }) {
  const { company: companyId } = search;
  const tail = useStream((stream) => stream.tail);
  const before = useBefore(companyId);
  const live = useMemo(
    () =>
      withBefore(tail, before.data?.syncEvents.nodes ?? []).filter(
        (event) =>
          (companyId === undefined || event.company.id === companyId) && isShownLive(event, search),
      ),
    [tail, before.data, companyId, search],
  );
  const { shown, newCount, hold, release } = useHeldTail(live);
  return (
    <Panel
      title="Tail"
      isPadded={false}
      actions={<PanelGraphql query={SyncEventsDocument} variables={{}} />}
    >
      <TailNarrowing search={search} />
      {before.failure !== null && (
        <div className="px-4">
          <QueryView result={{ ...before, data: undefined }} what="What happened before">
            {() => null}
          </QueryView>
        </div>
      )}
      {live.length === 0 ? (
        <NothingHeard search={search} />
      ) : (
        <div
          onFocus={hold}
          onBlur={release}
          onPointerEnter={hold}
          onPointerLeave={release}
          className="relative"
        >
          <NewBar count={newCount} onShow={release} />
          <TailTable events={shown} />
        </div>
      )}
    </Panel>
  );
}

/** The newest events from before this tab opened, so that the tail never starts empty. */
function useBefore(companyId: string | undefined) {
  return useLiveQuery({
    query: LiveBeforeDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
  });
}

function NothingHeard({ search }: { readonly search: LiveSearch }) {
  const { way, only, text } = search;
  if (way === 'both' && only === 'all' && text === undefined)
    return <Empty title="Listening.">Events appear here the moment they happen.</Empty>;
  return (
    <Empty title="Nothing of the newest events is like that.">
      <AppLink href={paths.live()} className="underline underline-offset-4">
        Show every event
      </AppLink>
    </Empty>
  );
}

/** Live, but never jumping (api-and-web.md §3.1): positions hold while focus or pointer is in the table. */
function useHeldTail(live: readonly StreamEvent[]) {
  const [held, setHeld] = useState<readonly StreamEvent[] | null>(null);
  const newestHeld = held?.[0]?.id;
  const newCount = held === null ? 0 : live.findIndex(({ id }) => id === newestHeld);
  return {
    shown: held ?? live,
    newCount: newCount < 0 ? live.length : newCount,
    hold: () => setHeld((before) => before ?? live),
    release: () => setHeld(null),
  };
}

function NewBar({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      className="absolute top-1 right-4 z-10 rounded-full bg-ink px-3 py-1 text-xs font-medium text-paper shadow-panel"
    >
      {formatCount(count)} new
    </button>
  );
}

function TailTable({ events }: { readonly events: readonly StreamEvent[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 8,
  });
  return (
    <div role="table" aria-label="Newest events" aria-rowcount={events.length + 1}>
      <div role="rowgroup" className="border-b border-line">
        <div
          role="row"
          aria-rowindex={1}
          className={`${columns} px-4 py-1.5 text-xs text-ink-soft`}
        >
          <span role="columnheader">Time</span>
          <span role="columnheader">Invoice</span>
          <span role="columnheader" className="hidden md:block">
            Direction
          </span>
          <span role="columnheader">Stage</span>
          <span role="columnheader" className="hidden md:block">
            What happened
          </span>
        </div>
      </div>
      <div ref={scroller} tabIndex={0} role="rowgroup" className="max-h-[28rem] overflow-y-auto">
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const event = events[index];
            return event ? <TailRow key={key} event={event} index={index} start={start} /> : null;
          })}
        </div>
      </div>
    </div>
  );
}

type TailRowProps = {
  readonly event: StreamEvent;
  readonly index: number;
  readonly start: number;
};

function TailRow({ event, index, start }: TailRowProps) {
  const { invoice, detail, at, summary } = event;
  const change = detail.__typename === 'StageChange' ? detail : null;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-event={event.id}
      style={{ height: rowHeight, transform: `translateY(${start}px)` }}
      className={`${columns} absolute inset-x-0 items-center border-b border-line px-4`}
    >
      <span role="cell" className="text-ink-soft">
        <TimeText instant={at} />
      </span>
      <span role="cell" className="truncate font-medium">
        {invoice ? (
          <AppLink
            href={paths.invoice(invoice.id, {
              tab: 'crossing',
              ...(change ? { event: change.event.id } : {}),
            })}
            className="underline-offset-4 hover:underline"
          >
            {invoice.number ?? 'No number'}
          </AppLink>
        ) : (
          <span className="font-normal text-ink-soft">Not yet known</span>
        )}
      </span>
      <span role="cell" className="hidden text-[0.8125rem] md:block">
        {change && <DirectionText direction={change.event.direction} />}
      </span>
      <span role="cell">
        {change ? (
          <StageChip stage={change.to} />
        ) : (
          invoice && <InvoiceStatusChip status={invoice.status} />
        )}
      </span>
      <span role="cell" className="hidden truncate md:block" title={readable(summary)}>
        {readable(summary)}
      </span>
    </div>
  );
}
