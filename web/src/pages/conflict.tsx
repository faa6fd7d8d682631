import { getRouteApi } from '@tanstack/react-router';
import { useCompanyId, useGo } from '../components/app-link.tsx';
import { ConflictView } from '../components/conflict-view.tsx';
import type { ConflictQueue } from '../components/conflict-view.tsx';
import { ConflictQueueDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { isAboutConflicts } from '../stream/event-kinds.ts';
import { useKeys } from '../ui/keys.ts';

const route = getRouteApi('/conflicts/$id');

/** One conflict: both values, what was agreed, and what both sides will hold. */
export function ConflictPage() {
  const { id } = route.useParams();
  const queue = useQueue(id);
  return <ConflictView key={id} id={id} queue={queue} />;
}

/** Where this conflict stands among the open ones. */
function useQueue(id: string): ConflictQueue {
  const companyId = useCompanyId();
  const go = useGo();
  const { data } = useLiveQuery({
    query: ConflictQueueDocument,
    variables: { companyIds: companyId === undefined ? null : [companyId] },
    refetchOn: isAboutConflicts,
    refetchMs: 1_000,
  });
  const nodes = data?.conflicts.nodes ?? [];
  const index = nodes.findIndex((node) => node.id === id);
  const others = nodes.filter((node) => node.id !== id);
  const next = nodes[index + 1] ?? others[0];
  const previous = index === -1 ? undefined : nodes[index - 1];
  const neighbour = (of: (typeof nodes)[number] | undefined) =>
    of && { href: paths.conflict(of.id), number: of.invoice.number };
  useKeys({
    j: () => next && go(paths.conflict(next.id)),
    k: () => previous && go(paths.conflict(previous.id)),
  });
  const place = index === -1 ? null : index + 1;
  const total = data?.conflicts.totalCount ?? 0;
  return { place, total, previous: neighbour(previous), next: neighbour(next) };
}
