import type {
  ControlTotalPartsFragment,
  DriftPartsFragment,
  ResidualPartsFragment,
} from './graphql/generated/graphql.ts';
import { csvText } from './format/csv.ts';
import { driftKindLabels, driftStatusLabels } from './work-labels.ts';

type Found = {
  readonly controlTotals: readonly ControlTotalPartsFragment[];
  readonly residual: readonly ResidualPartsFragment[];
  readonly drifts: readonly DriftPartsFragment[];
};

/** Everything a run found as one table: totals, what explains their difference, and each drift. */
export function reconcileCsv({ controlTotals, residual, drifts }: Found): string {
  return csvText([
    [
      'Kind',
      'What',
      'Invoices',
      'Internal',
      'QuickBooks',
      'Difference',
      'Currency',
      'State',
      'Note',
    ],
    ...controlTotals.map((total) => [
      'Control total',
      total.currency,
      `${total.internalCount} / ${total.quickbooksCount}`,
      total.internalTotal.amount,
      total.quickbooksTotal.amount,
      total.difference.amount,
      total.currency,
      '',
      '',
    ]),
    ...residual.map((item) => [
      'Explanation',
      item.reason,
      item.invoiceCount,
      '',
      '',
      item.amount.amount,
      item.amount.currency,
      '',
      '',
    ]),
    ...drifts.map((drift) => [
      'Drift',
      driftKindLabels[drift.kind].label,
      drift.invoice?.number ?? '',
      '',
      '',
      drift.amount.amount,
      drift.amount.currency,
      driftStatusLabels[drift.status].label,
      drift.acceptedReason ?? drift.proposedRepair,
    ]),
  ]);
}
