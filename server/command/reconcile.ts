import { z } from 'zod';
import { Refusal, type Bridge } from './bridge.ts';
import { companyNamed } from './company-names.ts';
import { controlTotal, controlTotalParts } from './control-totals.ts';
import { tableOf } from './table.ts';
import { untilOver } from './waiting.ts';

const run = z.object({
  id: z.string(),
  status: z.string(),
  progress: z.number(),
  compared: z.int(),
  driftCount: z.int(),
  controlTotals: z.array(controlTotal),
});
type Run = z.infer<typeof run>;

const parts = `id status progress compared driftCount controlTotals { ${controlTotalParts} }`;
const startDocument = `mutation Reconcile($input: StartReconcileInput!) { result: startReconcile(input: $input) { __typename
  ... on StartReconcileSuccess { reconcileRun { ${parts} } } ... on MutationError { message }
  ... on ValidationError { issues { message } } } }`;
const lookDocument = `query Run($id: ID!) { reconcileRun(id: $id) { ${parts} } }`;

/** Starts a reconcile and waits for it; true when both sides agree. */
export async function reconcile(
  bridge: Bridge,
  wishes: { readonly company: string; readonly from?: string; readonly to?: string },
  say: (line: string) => void,
): Promise<boolean> {
  const { id: companyId } = await companyNamed(bridge, wishes.company);
  const window = { from: wishes.from ?? null, to: wishes.to ?? null };
  const isWindow = window.from !== null || window.to !== null;
  const input = isWindow ? { companyId, scope: 'WINDOW', ...window } : { companyId, scope: 'FULL' };
  const { reconcileRun } = await bridge.act(startDocument, input, z.object({ reconcileRun: run }));
  const over = await untilOver(
    () => look(bridge, reconcileRun.id),
    ({ status }) => status !== 'QUEUED' && status !== 'RUNNING',
    ({ status, progress, compared }) =>
      say(`${status}: ${Math.round(progress * 100)} %, ${compared} compared`),
  );
  say(totalsText(over));
  return over.status === 'CLEAN';
}

async function look(bridge: Bridge, id: string): Promise<Run> {
  const { reconcileRun } = await bridge.ask(
    lookDocument,
    { id },
    z.object({ reconcileRun: run.nullable() }),
  );
  if (reconcileRun === null) throw new Refusal('The run is not to be seen any more.');
  return reconcileRun;
}

const totalsText = ({ controlTotals, driftCount }: Run): string =>
  [
    tableOf(
      ['CURRENCY', 'INTERNAL', 'COUNT', 'QUICKBOOKS', 'COUNT', 'DIFFERENCE'],
      controlTotals.map((total) => [
        total.currency,
        total.internalTotal.amount,
        String(total.internalCount),
        total.quickbooksTotal.amount,
        String(total.quickbooksCount),
        total.difference.amount,
      ]),
    ),
    driftCount === 0 ? 'The books agree.' : `${driftCount} differences wait on the page Reconcile.`,
  ].join('\n');
