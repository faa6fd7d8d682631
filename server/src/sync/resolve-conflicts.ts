import type { FieldChoice } from '#core/merge/field-choice.ts';
import type { BulkItem, ConflictSelection, ItemOutcome } from '#ports/bulk.ts';
import type {
  LockedRows,
  Refusal,
  RequestedUndo,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import { acceptBulk, bulkLimits, whyNotThese } from './accept-bulk.ts';
import { answerOnce, callerIdOf, notFound, type Ask, type Desk } from './change-request.ts';
import { noteProblems } from './refusals.ts';
import { resolveUniformly } from './resolve-conflict.ts';

export type ResolveConflicts = {
  readonly selection: ConflictSelection;
  readonly choice: FieldChoice;
  readonly expectedCount: number;
  readonly note: string;
};

/** Decisions a minute: each becomes at most a write to each side once its window is over (quickbooks.md §5). */
const ratePerMinute = 300;

/** Decides many conflicts one way, one by one; each has a window of its own (architecture.md §4). */
export const resolveConflicts = (desk: Desk, ask: Ask<ResolveConflicts>): Promise<RequestOutcome> =>
  answerOnce(desk, 'resolveConflicts', ask, async (rows) => {
    const { selection, choice, expectedCount, note } = ask.input;
    const invalid = whyInvalid(ask.input);
    if (invalid !== null) return invalid;
    const { kind, id, name, companyIds: visible } = ask.caller;
    const chosen = await rows.selectConflicts(selection, visible, bulkLimits.itemsMax + 1);
    const refusal = whyNotThese(chosen, expectedCount, 'conflicts');
    if (refusal !== null) return refusal;
    const bulk = {
      id: desk.ids.next(),
      kind: 'RESOLVE_CONFLICTS',
      label: `${words[choice]} ${chosen.length} ${chosen.length === 1 ? 'conflict' : 'conflicts'}`,
      parameters: { choice, note },
      ratePerMinute,
      caller: { kind, id, name },
      idempotencyKey: ask.idempotencyKey,
      correlationId: ask.correlationId,
      items: chosen.map((conflict) => ({
        companyId: conflict.companyId,
        subjectId: conflict.id,
        version: conflict.version,
        leftOut: null,
      })),
    } as const;
    const [companyId] = await acceptBulk(rows, ask, bulk, note);
    const company = companyId === undefined ? null : await rows.companyNow(companyId);
    if (company === null) throw new Error('conflicts were chosen in no company');
    const undo = undoFor(desk, ask, bulk, company.undoWindowSeconds);
    await rows.record({
      companyId: company.id,
      linkId: null,
      correlationId: ask.correlationId,
      actor: { kind: 'client', id, name },
      undo,
      audit: [],
      stream: [],
    });
    const subjectId = bulk.id;
    return { companyId: company.id, subjectId, eventId: null, undoToken: undo.token };
  });

const words = {
  KEEP_INTERNAL: 'Keeping the internal values of',
  KEEP_QUICKBOOKS: 'Keeping the QuickBooks values of',
  KEEP_BASE: 'Going back to the last agreed values of',
  CUSTOM: 'Deciding',
} as const satisfies Record<FieldChoice, string>;

function whyInvalid({ choice, note }: ResolveConflicts): Refusal | null {
  const custom = {
    path: ['choice'],
    message: 'A value of one’s own is for one conflict; decide these by one side or by the base.',
  };
  const issues = [...noteProblems('note', note), ...(choice === 'CUSTOM' ? [custom] : [])];
  return issues.length === 0 ? null : { kind: 'invalid', issues };
}

/** Good until the window of the last one is over; those whose own window ended before have left already. */
const undoFor = (
  { ids }: Desk,
  { caller }: Ask<unknown>,
  bulk: { readonly id: string; readonly label: string; readonly items: readonly unknown[] },
  windowSeconds: number,
): RequestedUndo => ({
  token: ids.next(),
  callerId: callerIdOf(caller),
  subjectType: 'BulkOperation',
  subjectId: bulk.id,
  label: bulk.label,
  windowSeconds: windowSeconds + Math.ceil((bulk.items.length * 60) / ratePerMinute),
  before: { kind: 'bulk-decision' },
});

/** One of them, within its own transaction; one that changed since it was chosen is left out. */
export async function resolveItemLocked(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  { subjectId, version, operation }: BulkItem,
): Promise<Touched | Refusal | Extract<ItemOutcome, { kind: 'skipped' }>> {
  const conflict = await rows.conflict(subjectId);
  if (conflict === null || conflict.version !== version || conflict.status !== 'OPEN')
    return notFound;
  const { choice, note } = operation.parameters;
  if (choice !== 'KEEP_INTERNAL' && choice !== 'KEEP_QUICKBOOKS' && choice !== 'KEEP_BASE')
    throw new Error(`a bulk decision of ${JSON.stringify(choice)} was accepted`);
  const said = typeof note === 'string' ? note : null;
  return resolveUniformly(desk, ask, rows, subjectId, choice, said);
}
