import { unreachable } from '#core/unreachable.ts';
import type { BulkItem, BulkKind, ItemOutcome } from '#ports/bulk.ts';
import type { LockedRows, Refusal, Touched } from '#ports/change-requests.ts';
import { applyPolicyLocked } from './apply-field-policy.ts';
import type { Ask, Desk } from './change-request.ts';
import { repairLocked } from './repair-drift.ts';
import { resolveItemLocked } from './resolve-conflicts.ts';
import { replayLocked } from './replay-dead-letter.ts';

/** What one kind of operation does to one item, within the item's transaction. */
type ItemHandler = (
  desk: Pick<Desk, 'ids'>,
  rows: LockedRows,
  item: BulkItem,
) => Promise<Touched | Refusal | LeftOut>;

type LeftOut = Extract<ItemOutcome, { kind: 'skipped' }>;

const handlers: Readonly<Record<BulkKind, ItemHandler>> = {
  REPLAY_DEAD_LETTERS: (desk, rows, item) =>
    replayLocked(
      desk,
      askOf(item, {
        deadLetterId: item.subjectId,
        expectedVersion: item.version,
        confirmInvoiceNumber: null,
      }),
      rows,
    ),
  REPAIR_DRIFTS: (desk, rows, item) =>
    repairLocked(
      desk,
      askOf(item, { driftId: item.subjectId, expectedVersion: item.version }),
      rows,
    ),
  RESOLVE_CONFLICTS: (desk, rows, item) => resolveItemLocked(desk, askOf(item, {}), rows, item),
  APPLY_FIELD_POLICY: (desk, rows, item) => applyPolicyLocked(desk, askOf(item, {}), rows, item),
};

/** Does what the item's operation asks for; what changed since the set was frozen is left out. */
export async function workItem(
  desk: Pick<Desk, 'ids'>,
  rows: LockedRows,
  item: BulkItem,
): Promise<ItemOutcome> {
  const result = await handlers[item.operation.kind](desk, rows, item);
  return 'kind' in result ? outcomeOf(result) : { kind: 'succeeded' };
}

/** The item is asked for by whoever started the operation; the set was checked against its rights when it was frozen. */
const askOf = <Input>({ operation }: BulkItem, input: Input): Ask<Input> => ({
  caller: {
    ...operation.caller,
    scope: 'OPERATE',
    companyIds: null,
    documents: 'open',
    sessionId: null,
  },
  idempotencyKey: operation.idempotencyKey,
  correlationId: operation.correlationId,
  input,
});

function outcomeOf(refusal: Refusal | LeftOut): ItemOutcome {
  switch (refusal.kind) {
    case 'skipped':
      return refusal;
    case 'stale':
    case 'not-found':
      return { kind: 'skipped', why: 'It changed since it was chosen.' };
    case 'invalid':
      return { kind: 'failed', why: refusal.issues.map(({ message }) => message).join(' ') };
    case 'illegal':
      return { kind: 'failed', why: refusal.message };
    default:
      return unreachable(refusal);
  }
}
