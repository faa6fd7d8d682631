import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Lanes } from '../components/lanes.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { TailPanel } from '../components/tail-panel.tsx';
import { CrossingNowDocument } from '../graphql/generated/graphql.ts';
import type { CrossingNowQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import type { LiveCrossing } from '../stream/crossings.ts';
import { useStreamStore } from '../stream/stream-context.tsx';
import { Panel } from '../ui/panel.tsx';

const route = getRouteApi('/live');

/** Everything that crosses, as it happens. */
export function LivePage() {
  const search = route.useSearch();
  const { company: companyId } = search;
  const asked = {
    query: CrossingNowDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
  };
  return (
    <div className="flex flex-col gap-4">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">Live</h1>
        <p className="text-ink-soft">
          Every change on its way between the two books, the moment it moves.
        </p>
      </header>
      <Panel title="On the bridge" actions={<PanelGraphql {...asked} />} className="pb-2">
        <CrossingNow key={companyId} companyIds={asked.variables.companyIds} />
        <Lanes />
      </Panel>
      <TailPanel search={search} />
    </div>
  );
}

/** What was on its way before this tab opened; from then on the stream tells. */
function CrossingNow({ companyIds }: { readonly companyIds: string[] | null }) {
  const store = useStreamStore();
  const result = useLiveQuery({ query: CrossingNowDocument, variables: { companyIds } });
  const nodes = result.data?.outboxEvents.nodes;

  useEffect(() => {
    if (nodes !== undefined) store.seedCrossings(nodes.map(seedOf));
  }, [nodes, store]);

  if (result.failure === null) return null;
  return (
    <QueryView result={result} what="What is on the bridge">
      {() => null}
    </QueryView>
  );
}

function seedOf(change: CrossingNowQuery['outboxEvents']['nodes'][number]): LiveCrossing {
  return {
    eventId: change.id,
    invoiceId: change.invoice?.id ?? null,
    invoiceNumber: change.invoice?.number ?? null,
    companyId: change.company.id,
    direction: change.direction,
    stage: change.stage,
    sinceMs: Date.parse(change.receivedAt),
    endedMs: null,
  };
}
