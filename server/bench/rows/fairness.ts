import { systemIds } from '#adapters/system/ids.ts';
import { toCorrelationId, toEventId, type CompanyId } from '#core/brand.ts';
import { openDrainQueue } from '#adapters/pg-boss/drain-queue.ts';
import { createIngest } from '#sync/ingest.ts';
import { answerBell, workLimits } from '#sync/work.ts';
import { openBridge, quiet } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks, makeDue } from '../harness/clone.ts';
import { spreadOf } from '../harness/rounds.ts';
import { atMost, shown, type Row } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';

const waiting = 100_000;
const changes = 20;
const pauseMs = 300;

const changed = (companyId: CompanyId, invoiceId: string) => ({
  id: toEventId(systemIds.next()),
  companyId,
  source: 'INVOICING_WEBHOOK' as const,
  eventKey: systemIds.next(),
  kind: 'UPDATED' as const,
  subject: { side: 'internal' as const, kind: 'invoice' as const, id: invoiceId, invoiceId },
  actor: { kind: 'side' as const, side: 'internal' as const, name: 'internal invoicing' },
  occurredAt: null,
  correlationId: toCorrelationId(systemIds.next()),
  payload: {},
});

export const fairness: Row = {
  number: '19',
  name: 'fairness',
  title: 'A single change of one company while another has 100,000 links waiting',
  method: `One worker drains a company with ${shown(waiting)} waiting links without a pause; ${changes} times another company's invoice changes, and the time from the commit of the event to its write is taken.`,
  isLong: true,
  measure: async (stage) => {
    const template = await crossOne(await stage.database());
    const bridge = await openBridge(template, 2);
    const queue = await openDrainQueue(template.databaseUrl, quiet);
    try {
      await cloneCompanies(bridge.pool, template, 2);
      await cloneLinks(bridge.pool, template, [1], waiting);
      await makeDue(bridge.pool, 'fairness', waiting);
      await cloneLinks(bridge.pool, template, [2], changes);
      await bridge.pool.query('VACUUM ANALYZE');
      const [busy, other] = bridge.companies;
      if (busy === undefined || other === undefined) throw new Error('no companies were made');
      await queue.work(
        (id, lost) => answerBell(bridge.engine, queue.doorbell, 'bench', id, lost),
        workLimits.parallelCompanies,
      );
      queue.doorbell.ring(busy);
      const ingest = createIngest(bridge.engine.store, queue.doorbell);
      const waits: number[] = [];
      for (let place = 1; place <= changes; place += 1) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        const left = new Promise<number>((resolve) =>
          bridge.books.onWrite((companyId, id) => {
            if (companyId === other && id === String(1_000 + place)) resolve(performance.now());
          }),
        );
        await ingest([changed(other, `inv_2_${place}`)]);
        const committedAt = performance.now();
        waits.push((await left) - committedAt);
      }
      return [
        {
          what: `Delay of a single change beside ${shown(waiting)} waiting links of another company, worst`,
          goal: atMost(1_000, ' ms'),
          value: spreadOf([Math.max(...waits)]),
          unit: 'ms',
          detail: `median ${shown(spreadOf(waits).median)} ms of ${changes}`,
        },
      ];
    } finally {
      await queue.stop();
      await bridge.close();
    }
  },
};
