import type { InvoiceSyncStatus } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';

type StatusCount = { readonly status: InvoiceSyncStatus; readonly count: number };

const areIs = (count: number) => (count === 1 ? 'is' : 'are');

/** Invoices in any of the given statuses. */
export function countOf(counts: readonly StatusCount[], ...statuses: InvoiceSyncStatus[]): number {
  return counts
    .filter(({ status }) => statuses.includes(status))
    .reduce((sum, { count }) => sum + count, 0);
}

/** Is everything across? One sentence, and what is behind it. Unlinked and paused ones are so by choice. */
export function overviewSentence(counts: readonly StatusCount[]): {
  readonly answer: string;
  readonly detail: string;
} {
  const agreeing = countOf(counts, 'IN_SYNC');
  const crossing = countOf(counts, 'PENDING', 'IN_FLIGHT', 'UNCERTAIN');
  const needing = countOf(counts, 'CONFLICT', 'DEAD_LETTERED');
  const byChoice = countOf(counts, 'UNLINKED', 'PAUSED');
  const total = agreeing + crossing + needing;
  const details = [
    ...(crossing > 0 ? [`${formatCount(crossing)} ${areIs(crossing)} crossing now`] : []),
    ...(needing > 0 ? [`${formatCount(needing)} ${needing === 1 ? 'needs' : 'need'} you`] : []),
    ...(byChoice > 0 ? [`${formatCount(byChoice)} ${areIs(byChoice)} left alone by choice`] : []),
  ];
  return {
    answer: isFilling(agreeing, crossing)
      ? `${formatCount(agreeing)} of ${formatCount(total)} invoices agree so far.`
      : answerOf(total, total - agreeing),
    detail: details.length > 0 ? `${details.join(', ')}.` : '',
  };
}

/** While a year of books comes across, "all but most of them" would sound like a fault. */
const isFilling = (agreeing: number, crossing: number): boolean =>
  agreeing > 0 && crossing > agreeing / fillingShare;

/** From this share of what agrees on, what crosses is an import and no exception. */
const fillingShare = 4;

function answerOf(total: number, differing: number): string {
  if (total === 0) return 'No invoice has been seen yet.';
  const all = `${formatCount(total)} ${total === 1 ? 'invoice' : 'invoices'}`;
  if (differing === 0)
    return total === 1
      ? 'The one invoice agrees on both sides.'
      : `All ${all} agree on both sides.`;
  if (differing === total) return `None of ${all} agrees on both sides yet.`;
  return `All but ${formatCount(differing)} of ${all} agree on both sides.`;
}
