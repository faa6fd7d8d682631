import { useState } from 'react';
import { InvoiceHistoryDocument } from '../graphql/generated/graphql.ts';
import type { HistoryPartsFragment, InvoiceHistoryQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDateTime } from '../format/date.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { StageChip } from './state-chips.tsx';
import { readable } from '../format/sentence.ts';

type HistoryPageProps = { readonly id: string; readonly after: string | null };

/** Everything the stream said about this invoice, oldest first, as it is told. */
export function HistoryTab({ id }: { readonly id: string }) {
  return (
    <Panel
      title="History"
      actions={<PanelGraphql query={InvoiceHistoryDocument} variables={{ id }} />}
    >
      <HistoryPage id={id} after={null} />
    </Panel>
  );
}

function HistoryPage({ id, after }: HistoryPageProps) {
  const result = useLiveQuery({
    query: InvoiceHistoryDocument,
    variables: { id, after },
    refetchOn: ({ invoice }) => invoice?.id === id,
    refetchMs: 1_500,
  });
  return (
    <QueryView result={result} what="The history">
      {({ invoice }) => <HistoryEvents id={id} invoice={invoice} isFirst={after === null} />}
    </QueryView>
  );
}

type HistoryEventsProps = {
  readonly id: string;
  readonly invoice: InvoiceHistoryQuery['invoice'];
  readonly isFirst: boolean;
};

function HistoryEvents({ id, invoice, isFirst }: HistoryEventsProps) {
  const [isMore, setMore] = useState(false);
  const timeline = invoice?.timeline;
  if (timeline === undefined || (timeline.nodes.length === 0 && isFirst)) {
    return (
      <Empty title="Nothing has happened yet.">Each step of this invoice will stand here.</Empty>
    );
  }
  const { endCursor, hasNextPage } = timeline.pageInfo;
  return (
    <>
      <ol className="border-l border-line">
        {timeline.nodes.map((event) => (
          <HistoryRow key={event.id} id={id} event={event} />
        ))}
      </ol>
      {hasNextPage && !isMore && (
        <Button className="mt-3" onClick={() => setMore(true)}>
          Show later events
        </Button>
      )}
      {isMore && endCursor !== null && <HistoryPage id={id} after={endCursor} />}
    </>
  );
}

type HistoryRowProps = { readonly id: string; readonly event: HistoryPartsFragment };

function HistoryRow({ id, event }: HistoryRowProps) {
  const { detail, at, summary } = event;
  const change = detail.__typename === 'StageChange' ? detail : null;
  return (
    <li className="relative grid gap-x-4 gap-y-1 py-2 pl-5 md:grid-cols-[11.5rem_9rem_minmax(0,1fr)] md:items-center">
      <span
        aria-hidden="true"
        className="absolute top-4 -left-1 size-2 rounded-full bg-line-strong"
      />
      <time dateTime={at} className="text-[0.8125rem] text-ink-soft">
        {formatDateTime(at)}
      </time>
      {change ? (
        <AppLink href={paths.invoice(id, { tab: 'crossing', event: change.event.id })}>
          <StageChip stage={change.to} />
        </AppLink>
      ) : (
        <span />
      )}
      <div>
        <p>{readable(summary)}</p>
        {change?.note && <p className="text-[0.8125rem] text-ink-soft">{change.note}</p>}
      </div>
    </li>
  );
}
