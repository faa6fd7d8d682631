import { Bot, User } from 'lucide-react';
import { OverviewRecentDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { recentSentences } from '../recent.ts';
import type { RecentEntry, RecentSentence } from '../recent.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { AgoText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const shownMax = 6;

/** What people and the machine did last, in sentences. */
export function RecentPanel({ companyIds }: { readonly companyIds: string[] | null }) {
  const asked = { query: OverviewRecentDocument, variables: { companyIds } };
  const result = useLiveQuery({ ...asked, refetchOn: () => true, refetchMs: 2_500 });
  return (
    <Panel title="Recently" actions={<PanelGraphql {...asked} />}>
      <QueryView
        result={result}
        what="What happened recently"
        skeleton={<Skeleton what="what happened recently" rows={6} />}
      >
        {({ auditEntries: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty title="Nothing has happened yet.">
              What people and the bridge do stands here within seconds.
            </Empty>
          ) : (
            <ul className="-mx-2">
              {recentSentences(nodes, shownMax).map((sentence) => (
                <RecentRow key={sentence.entry.id} sentence={sentence} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

function hrefOf({ subject }: RecentEntry): string | null {
  if (subject?.__typename === 'Invoice') return paths.invoice(subject.id, { tab: 'history' });
  if (subject?.__typename === 'Conflict') return paths.conflict(subject.id);
  return null;
}

function RecentRow({ sentence: { entry, moreCount } }: { readonly sentence: RecentSentence }) {
  const isMachine = entry.actor.__typename === 'SystemActor';
  const Icon = isMachine ? Bot : User;
  const href = hrefOf(entry);
  const content = (
    <span className="flex items-start gap-2.5">
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-soft" />
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2">
          {readable(entry.summary)}
          {moreCount > 0 && (
            <span className="text-ink-soft"> And {formatCount(moreCount)} more like it.</span>
          )}
        </span>
        <span className="block text-xs text-ink-soft">
          {isMachine ? 'The bridge' : entry.actor.displayName} · <AgoText instant={entry.at} />
        </span>
      </span>
    </span>
  );
  const look = 'block rounded-md px-2 py-1.5';
  if (href === null) return <li className={look}>{content}</li>;
  return (
    <li>
      <AppLink href={href} className={`${look} transition-colors hover:bg-raised`}>
        {content}
      </AppLink>
    </li>
  );
}
