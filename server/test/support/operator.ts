import { keyIssuer } from '#adapters/postgres/api-keys.ts';
import { createChangeRequests } from '#adapters/postgres/change-requests.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { toCorrelationId } from '#core/brand.ts';
import type { Caller } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { createActions } from '#sync/actions.ts';
import type { Ask } from '#sync/change-request.ts';
import type { World } from './world.ts';

const dana: Caller = {
  kind: 'client',
  id: 'dana',
  name: 'Dana',
  scope: 'OPERATE',
  companyIds: null,
  documents: 'open',
  sessionId: null,
};

/** A person who asks the bridge for something, each time under a key of its own; a refusal fails the test. */
export function operatorOf({ pool, engine, administration }: World) {
  const actions = createActions({
    requests: createChangeRequests(pool, { announce: () => undefined }, systemClock),
    doorbell: { ring: () => undefined },
    ids: engine.ids,
    digest: engine.digest,
    keys: keyIssuer,
    administration,
  });
  const asking =
    <Input>(action: (ask: Ask<Input>) => Promise<RequestOutcome>) =>
    async (input: Input) => {
      const outcome = await action({
        caller: dana,
        idempotencyKey: engine.ids.next(),
        correlationId: toCorrelationId(engine.ids.next()),
        input,
      });
      if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
      return outcome.touched;
    };
  return {
    replayDeadLetter: asking(actions.replayDeadLetter),
    discardDeadLetter: asking(actions.discardDeadLetter),
    replayEvent: asking(actions.replayEvent),
    syncInvoiceNow: asking(actions.syncInvoiceNow),
    setInvoicePaused: asking(actions.setInvoicePaused),
    setCompanyPaused: asking(actions.setCompanyPaused),
    linkInvoices: asking(actions.linkInvoices),
    unlinkInvoice: asking(actions.unlinkInvoice),
    mapReference: asking(actions.mapReference),
    resolveConflict: asking(actions.resolveConflict),
    reopenConflict: asking(actions.reopenConflict),
    undo: asking(actions.undo),
    replayDeadLetters: asking(actions.replayDeadLetters),
    resolveConflicts: asking(actions.resolveConflicts),
    cancelBulkOperation: asking(actions.cancelBulkOperation),
    previewFieldPolicy: actions.previewFieldPolicy,
    upsertFieldPolicy: asking(actions.upsertFieldPolicy),
    startReconcile: asking(actions.startReconcile),
    cancelReconcile: asking(actions.cancelReconcile),
    acceptDrift: asking(actions.acceptDrift),
    repairDrifts: asking(actions.repairDrifts),
    refreshPlan: asking(actions.refreshPlan),
    goLive: asking(actions.goLive),
    updateCompanySettings: asking(actions.updateCompanySettings),
  };
}
