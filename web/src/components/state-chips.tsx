import type {
  ConflictStatus,
  Direction,
  InvoiceSyncStatus,
  SyncStage,
} from '../graphql/generated/graphql.ts';
import {
  conflictStatusLabels,
  directionLabels,
  invoiceStatusLabels,
  stageLabels,
} from '../state-labels.ts';
import { Chip } from '../ui/chip.tsx';

/** Where an invoice stands. */
export function InvoiceStatusChip({ status }: { readonly status: InvoiceSyncStatus }) {
  const { label, tone, help } = invoiceStatusLabels[status];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}

/** Where a conflict stands. */
export function ConflictStatusChip({ status }: { readonly status: ConflictStatus }) {
  const { label, tone, help } = conflictStatusLabels[status];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}

/** Where a change stands. */
export function StageChip({ stage }: { readonly stage: SyncStage }) {
  const { label, tone, help } = stageLabels[stage];
  return (
    <Chip tone={tone} help={help}>
      {label}
    </Chip>
  );
}

const sideText = {
  TO_QUICKBOOKS: 'text-quickbooks',
  TO_INTERNAL: 'text-internal',
} satisfies Record<Direction, string>;

/** The arrow is the way the data moves, in the hue of the side it moves to. */
export function DirectionText({ direction }: { readonly direction: Direction }) {
  const { label, arrow } = directionLabels[direction];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${sideText[direction]}`}>
      <span aria-hidden="true">{arrow}</span>
      {label}
    </span>
  );
}
