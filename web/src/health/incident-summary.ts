import { formatDuration, formatWait } from '../format/date.ts';
import type { HealthQuery, LastErrorsQuery } from '../graphql/generated/graphql.ts';
import { directionLabels, healthLabels } from '../state-labels.ts';

/** The state of things as plain text for a chat or a ticket: worst first, with ids to look up, and no secrets. */
export function incidentSummary(
  { systemHealth, companies, stats }: HealthQuery,
  errors: LastErrorsQuery | undefined,
  now: Date,
): string {
  const unwell = systemHealth.components.filter(({ state }) => state !== 'OK');
  const ill = companies.nodes.filter(({ health }) => health.state !== 'OK');
  return [
    `LedgerBridge ${systemHealth.build}: ${healthLabels[systemHealth.state].label}, ${now.toISOString()}`,
    ...unwell.map(
      ({ name, detail, lastSeenAt }) => `- ${name}: ${detail} Last seen ${lastSeenAt}.`,
    ),
    ...ill.map(({ name, health }) => `- ${name}: ${health.reasons.join(' ')}`),
    `Oldest change waiting: ${formatWait(stats.oldestPendingSeconds)}.`,
    stats.statusCounts.map(({ status, count }) => `${status} ${count}`).join(', '),
    ...stats.latency.map(
      ({ direction, p50Ms, p95Ms, count }) =>
        `${directionLabels[direction].label}, last hour: ${count} crossed, median ${formatDuration(p50Ms)}, p95 ${formatDuration(p95Ms)}`,
    ),
    ...(errors?.deadLetterGroups ?? []).map(
      ({ title, count, lastDiedAt, example }) =>
        `- ${title}: ${count}, last ${lastDiedAt}, for example correlation id ${example.event.correlationId}`,
    ),
    `Stream ${systemHealth.streamTail} to ${systemHealth.streamHead}`,
  ].join('\n');
}
