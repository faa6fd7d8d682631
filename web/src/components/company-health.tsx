import type { ReactNode } from 'react';
import type { CompanyCardPartsFragment } from '../graphql/generated/graphql.ts';
import { formatDate, formatDateTime, formatWait } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { companyModeLabels, companyStatusLabels, healthLabels } from '../state-labels.ts';
import { Chip } from '../ui/chip.tsx';
import { useNow } from '../ui/use-now.ts';
import { AgoText } from './values.tsx';
import { readable } from '../format/sentence.ts';

/** The traffic light of a company, or its status where it cannot work at all. */
export function CompanyChip({ company }: { readonly company: CompanyCardPartsFragment }) {
  const { status, health } = company;
  const { label, tone, help } =
    status === 'ACTIVE' ? healthLabels[health.state] : companyStatusLabels[status];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}

/** Why a company is as it is, worst first. */
export function HealthReasons({ company }: { readonly company: CompanyCardPartsFragment }) {
  const { health, status, mode } = company;
  const reasons = health.reasons.length > 0 ? health.reasons : [companyStatusLabels[status].help];
  return (
    <ul className="flex flex-col gap-0.5">
      {mode === 'SHADOW' && <li className="text-us">{companyModeLabels.SHADOW}.</li>}
      {reasons.map((reason) => (
        <li key={reason}>{readable(reason)}</li>
      ))}
    </ul>
  );
}

const dayMs = 86_400_000;
/** An access that ends within this many days is worth a word. */
const soonDays = 14;

/** How access, webhooks, polls and QuickBooks' own limits stand. */
export function CompanyFacts({ company }: { readonly company: CompanyCardPartsFragment }) {
  const { health, quickbooksBudget: budget } = company;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      <Fact name="Access">
        <Access expiresAt={company.authorizationExpiresAt} />
      </Fact>
      <Fact name="Last webhook">
        <Since instant={health.lastWebhookAt} none="none yet" />
      </Fact>
      <Fact name="Last poll">
        <Since instant={health.lastPollAt} none="none yet" />
      </Fact>
      <Fact name="Oldest change waiting">{formatWait(health.oldestPendingSeconds)}</Fact>
      <Fact name="QuickBooks calls">
        {formatCount(budget.usedThisMinute)} of {formatCount(budget.perMinute)} this minute,{' '}
        {formatCount(budget.inFlight)} in the air
        {budget.throttledUntil !== null && (
          <span className="text-us">
            {' '}
            · asked to slow down until {formatDateTime(budget.throttledUntil)}
          </span>
        )}
      </Fact>
      <Fact name="Reads this month">
        {budget.monthlyReadsLeft === null
          ? 'not metered'
          : `${formatCount(budget.monthlyReadsLeft)} left, for all companies`}
      </Fact>
      {company.booksClosedThrough !== null && (
        <Fact name="Books closed">through {formatDate(company.booksClosedThrough)}</Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Since({ instant, none }: { readonly instant: string | null; readonly none: string }) {
  return instant === null ? none : <AgoText instant={instant} />;
}

function Access({ expiresAt }: { readonly expiresAt: string | null }) {
  const nowMs = useNow(60_000);
  if (expiresAt === null) return 'not connected';
  const days = Math.floor((Date.parse(expiresAt) - nowMs) / dayMs);
  return (
    <span className={days < soonDays ? 'text-us' : ''} title={formatDateTime(expiresAt)}>
      {days < 0
        ? 'ran out; connect again'
        : `renews itself; without use it ends in ${formatCount(days)} ${days === 1 ? 'day' : 'days'}`}
    </span>
  );
}
