import type { ReactNode } from 'react';
import { InvoiceStatusChip } from '../components/state-chips.tsx';
import { TimeText } from '../components/values.tsx';
import { formatDateTime, formatDuration, formatWait } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { AppLink } from '../components/app-link.tsx';
import { paths } from '../paths.ts';
import type { Health, HealthQuery } from '../graphql/generated/graphql.ts';
import { directionLabels, healthLabels } from '../state-labels.ts';
import { describeFreshness } from '../stream/freshness.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';

type HealthProps = { readonly health: HealthQuery; readonly actions: ReactNode };

const componentWords: Readonly<Record<string, string>> = {
  database: 'Database',
  'outbox-dispatcher': 'Taking up what is due',
  'stream-publisher': 'Publishing the event stream',
  'quickbooks-reads': 'QuickBooks read budget of the month',
};

/** Every part of the bridge, and how far this very tab is behind. */
export function ComponentsPanel({ health: { systemHealth }, actions }: HealthProps) {
  return (
    <Panel title={`LedgerBridge ${systemHealth.build}`} actions={actions}>
      <ul className="divide-y divide-line">
        {systemHealth.components.map(({ name, state, detail, lastSeenAt }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-0.5 py-2">
            <span className="min-w-0 flex-1 font-medium">
              {componentWords[name] ?? name}
              {detail !== null && <span className="block font-normal text-ink-soft">{detail}</span>}
            </span>
            <span className="text-xs text-ink-soft">
              <TimeText instant={lastSeenAt} />
            </span>
            <HealthChip state={state} />
          </li>
        ))}
        <ThisTab />
      </ul>
    </Panel>
  );
}

function ThisTab() {
  const connection = useStream((stream) => stream.connection);
  const lostForLong = useStream((stream) => stream.lostForLong);
  const backlog = useStream((stream) => stream.backlog);
  const completeUntil = useStream((stream) => stream.completeUntil);
  const fresh = describeFreshness({ connection, lostForLong, backlog, completeUntil });
  return (
    <li className="flex flex-wrap items-center gap-x-4 py-2">
      <span className="flex-1 font-medium">This tab</span>
      <span className="text-ink-soft">
        {fresh.label}
        {fresh.detail !== '' && `, ${fresh.detail}`}
      </span>
    </li>
  );
}

/** How much waits, for how long, and how fast things cross. */
export function WorkPanel({ health: { stats }, actions }: HealthProps) {
  const waiting = stats.statusCounts.filter(
    ({ count, status }) => count > 0 && status !== 'IN_SYNC',
  );
  return (
    <Panel title="Queue and speed" actions={actions}>
      <dl className="grid grid-cols-2 gap-4">
        <div>
          <dt className="text-xs text-ink-soft">Oldest change waiting</dt>
          <dd className="text-lg font-semibold">{formatWait(stats.oldestPendingSeconds)}</dd>
        </div>
        <div>
          <dt className="text-xs text-ink-soft">Not in sync</dt>
          <dd className="flex flex-wrap gap-2 pt-1">
            {waiting.length === 0 && 'Nothing'}
            {waiting.map(({ status, count }) => (
              <span key={status} className="inline-flex items-center gap-1">
                <InvoiceStatusChip status={status} /> {formatCount(count)}
              </span>
            ))}
          </dd>
        </div>
      </dl>
      <table className="mt-4 w-full text-left">
        <caption className="sr-only">Time from detected to settled, last hour</caption>
        <thead className="text-xs text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 font-medium">
              Last hour
            </th>
            {['Crossed', 'Median', 'p95', 'p99'].map((name) => (
              <th key={name} scope="col" className="py-1 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-figures>
          {stats.latency.map(({ direction, count, p50Ms, p95Ms, p99Ms }) => (
            <tr key={direction} className="border-b border-line last:border-0">
              <th scope="row" className="py-1.5 font-medium">
                {directionLabels[direction].label}
              </th>
              <td className="text-right">{formatCount(count)}</td>
              {[p50Ms, p95Ms, p99Ms].map((ms, place) => (
                // oxlint-disable-next-line react/no-array-index-key -- The three columns never move.
                <td key={place} className="text-right">
                  {count === 0 ? '–' : formatDuration(ms)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

type Company = HealthQuery['companies']['nodes'][number];

/** Each company's link, what it last heard, and how much of QuickBooks' patience is left. */
export function CompaniesHealthPanel({ health: { companies }, actions }: HealthProps) {
  return (
    <Panel title="Companies" actions={actions}>
      {companies.nodes.length === 0 && (
        <p className="text-ink-soft">
          No company is connected yet.{' '}
          <AppLink href={paths.newCompany()} className="underline underline-offset-4">
            Connect a company
          </AppLink>
        </p>
      )}
      <ul className="divide-y divide-line">
        {companies.nodes.map((company) => (
          <li key={company.id} className="py-3 first:pt-0 last:pb-0">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h3 className="font-medium">{company.name}</h3>
              <HealthChip state={company.health.state} />
            </div>
            {company.health.reasons.map((reason) => (
              <p key={reason}>{reason}</p>
            ))}
            <CompanyFacts company={company} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function CompanyFacts({
  company: { health, quickbooksBudget, authorizationExpiresAt },
}: CompanyProps) {
  const { usedThisMinute, perMinute, inFlight, concurrent, monthlyReadsLeft, throttledUntil } =
    quickbooksBudget;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['QuickBooks last told us', <When key="told" instant={health.lastWebhookAt} />],
    ['Last poll', <When key="poll" instant={health.lastPollAt} />],
    ['Oldest waits', formatWait(health.oldestPendingSeconds)],
    ['Calls this minute', `${formatCount(usedThisMinute)} of ${formatCount(perMinute)}`],
    ['In the air', `${inFlight} of ${concurrent}`],
    [
      'Reads left this month',
      monthlyReadsLeft === null ? 'Unmetered' : formatCount(monthlyReadsLeft),
    ],
    ['Throttled', throttledUntil === null ? 'No' : <When key="until" instant={throttledUntil} />],
    [
      'Access until',
      authorizationExpiresAt === null ? 'Never' : formatDateTime(authorizationExpiresAt),
    ],
  ];
  return (
    <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type CompanyProps = { readonly company: Company };

function When({ instant }: { readonly instant: string | null }) {
  return instant === null ? 'Never' : <TimeText instant={instant} />;
}

function HealthChip({ state }: { readonly state: Health }) {
  const { label, tone, help } = healthLabels[state];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}
