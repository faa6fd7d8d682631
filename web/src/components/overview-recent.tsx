import { OverviewRecentDocument } from '../graphql/generated/graphql.ts';
import type { OverviewRecentQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { hasEnded } from '../crossing/stages.ts';
import { formatDuration } from '../format/date.ts';
import { paths } from '../paths.ts';
import { changeKindLabels, directionLabels } from '../state-labels.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { StageChip } from './state-chips.tsx';
import { AgoText } from './values.tsx';

/** The newest changes, whatever became of them. */
export function RecentPanel({ companyIds }: { readonly companyIds: string[] | null }) {
  const asked = { query: OverviewRecentDocument, variables: { companyIds } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ type }) => type === 'STAGE_CHANGED',
    refetchMs: 1_500,
  });
  return (
    <Panel title="Recently" actions={<PanelGraphql {...asked} />}>
      <QueryView result={result} what="Recent changes" skeleton={undefined}>
        {({ outboxEvents: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty title="No change has come yet.">
              The first one shows up here within seconds.
            </Empty>
          ) : (
            <ul className="-mx-2">
              {nodes.map((change) => (
                <RecentRow key={change.id} change={change} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

type RecentChange = OverviewRecentQuery['outboxEvents']['nodes'][number];

function RecentRow({ change }: { readonly change: RecentChange }) {
  const { invoice, kind, direction, stage, receivedAt, endedAt } = change;
  const { within } = directionLabels[direction];
  const spentMs = endedAt === null ? null : Date.parse(endedAt) - Date.parse(receivedAt);
  const spent = spentMs !== null && hasEnded(stage) ? ` · ${formatDuration(spentMs)}` : '';
  const content = (
    <>
      <span className="flex items-center justify-between gap-2">
        <span className="truncate font-medium">{invoice?.number ?? 'Not yet known'}</span>
        <StageChip stage={stage} />
      </span>
      <span className="flex justify-between gap-2 text-[0.8125rem] text-ink-soft">
        <span className="truncate">{`${changeKindLabels[kind]}, ${within}${spent}`}</span>
        <AgoText instant={receivedAt} />
      </span>
    </>
  );
  const look = 'block rounded-md px-2 py-1.5';
  if (invoice === null) return <li className={look}>{content}</li>;
  return (
    <li>
      <AppLink
        href={paths.invoice(invoice.id, { tab: 'crossing', event: change.id })}
        className={`${look} transition-colors hover:bg-raised`}
      >
        {content}
      </AppLink>
    </li>
  );
}
