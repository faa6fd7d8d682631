import { Check } from 'lucide-react';
import { NeedingConflictsDocument, OverviewOldestDocument } from '../graphql/generated/graphql.ts';
import type { OverviewStatsQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDuration } from '../format/date.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import type { MoneyValue } from '../format/money.ts';
import { needKindLabels } from '../needs.ts';
import type { Need } from '../needs.ts';
import { paths } from '../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { useNeeds } from './use-needs.ts';
import type { Needs } from './use-needs.ts';
import { needsYouChanged } from './use-needs-you.ts';
import { MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type NeedsYouPanelProps = {
  readonly companyIds: string[] | null;
  readonly stats: OverviewStatsQuery['stats'] | undefined;
};

const shownMax = 3;

/** What waits on a person, most money first, and the way through all of it. */
export function NeedsYouPanel({ companyIds, stats }: NeedsYouPanelProps) {
  const result = useNeeds(companyIds, shownMax);
  const asked = { query: NeedingConflictsDocument, variables: { first: shownMax, companyIds } };
  return (
    <Panel title="Needs you" actions={<PanelGraphql {...asked} />} className="lg:min-h-64">
      <QueryView
        result={result}
        what="What needs you"
        skeleton={<Skeleton what="what needs you" rows={3} rowClass="h-12" />}
      >
        {(needs) =>
          needs.conflictCount + needs.deadLetterCount === 0 ? (
            <NothingNeeded />
          ) : (
            <SomeNeeds needs={needs} stats={stats} companyIds={companyIds} />
          )
        }
      </QueryView>
    </Panel>
  );
}

/** Good news takes little room: a line on a phone, the middle of the card beside taller ones. */
function NothingNeeded() {
  return (
    <div className="flex h-full items-start gap-2 lg:flex-col lg:items-center lg:justify-center lg:pb-6 lg:text-center">
      <Check
        aria-hidden="true"
        className="mt-0.5 size-4 shrink-0 text-done lg:size-7"
        strokeWidth={2.5}
      />
      <p className="max-w-72">
        <span className="font-medium lg:block lg:text-base">Nothing needs you.</span>{' '}
        <span className="text-ink-soft">
          What the bridge cannot decide by itself stands here, with the money it holds up.
        </span>
      </p>
    </div>
  );
}

/** A conflict about a memo holds up no money, and then no 0.00 is worth reading. */
const moneyHeldUp = (sums: readonly MoneyValue[] = []): string | null =>
  formatMoneyList(sums.filter(({ amount }) => !isZeroDecimal(amount)));

type SomeNeedsProps = NeedsYouPanelProps & { readonly needs: Needs };

function SomeNeeds({ needs, stats, companyIds }: SomeNeedsProps) {
  return (
    <div className="flex h-full flex-col">
      <dl className="grid grid-cols-2 gap-4">
        <HeldUp
          name="Conflicts"
          href={paths.conflicts()}
          count={needs.conflictCount}
          amounts={moneyHeldUp(stats?.amountInConflict)}
        />
        <HeldUp
          name="Dead letters"
          href={paths.work()}
          count={needs.deadLetterCount}
          amounts={moneyHeldUp(stats?.amountDeadLettered)}
        />
      </dl>
      <ul className="-mx-2 mt-2">
        {needs.needs.slice(0, shownMax).map((need) => (
          <NeedRow key={need.id} need={need} />
        ))}
      </ul>
      <p className="mt-auto flex flex-wrap items-baseline justify-between gap-x-4 pt-2">
        <AppLink
          href={paths.work()}
          aria-keyshortcuts="g w"
          className="font-medium underline underline-offset-4"
        >
          Work through them <span aria-hidden="true">→</span>
        </AppLink>
        <Oldest companyIds={companyIds} />
      </p>
    </div>
  );
}

type HeldUpProps = {
  readonly name: string;
  readonly href: string;
  readonly count: number;
  readonly amounts: string | null;
};

function HeldUp({ name, href, count, amounts }: HeldUpProps) {
  return (
    <div>
      <dt className="text-xs text-ink-soft">
        <AppLink href={href} className="underline-offset-4 hover:underline">
          {name}
        </AppLink>
      </dt>
      <dd>
        <span className={`text-xl font-semibold ${count > 0 ? 'text-you' : ''}`}>
          {formatCount(count)}
        </span>
        <span className="block min-h-5 text-[0.8125rem] text-ink-soft">{amounts}</span>
      </dd>
    </div>
  );
}

function Oldest({ companyIds }: { readonly companyIds: string[] | null }) {
  const { data } = useLiveQuery({
    query: OverviewOldestDocument,
    variables: { companyIds },
    refetchOn: needsYouChanged,
    refetchMs: 2_000,
  });
  const nowMs = useNow(30_000);
  const since = [
    ...(data?.conflicts.nodes.map(({ detectedAt }) => detectedAt) ?? []),
    ...(data?.deadLetters.nodes.map(({ diedAt }) => diedAt) ?? []),
  ].map((instant) => Date.parse(instant));
  if (since.length === 0) return null;
  return (
    <span className="text-[0.8125rem] text-ink-soft">
      oldest waits {formatDuration(Math.max(nowMs - Math.min(...since), 0))}
    </span>
  );
}

function NeedRow({ need }: { readonly need: Need }) {
  const { id, kind, number, customer, money, sentence } = need;
  return (
    <li>
      <AppLink
        href={paths.work({ item: id })}
        className="block rounded-md px-2 py-1.5 transition-colors hover:bg-raised"
      >
        <span className="flex items-center justify-between gap-2">
          <span className="min-w-0 truncate font-medium">
            {number ?? 'No number'} <span className="font-normal text-ink-soft">{customer}</span>
          </span>
          <span className="flex items-center gap-2">
            <MoneyText value={money} />
            <Chip tone="waiting-on-you">{needKindLabels[kind]}</Chip>
          </span>
        </span>
        <span className="block truncate text-[0.8125rem] text-ink-soft" title={readable(sentence)}>
          {readable(sentence)}
        </span>
      </AppLink>
    </li>
  );
}
