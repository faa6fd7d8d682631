import { PgBoss } from 'pg-boss';
import { systemIds } from '#adapters/system/ids.ts';
import { openBridge, type BenchBridge } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks } from '../harness/clone.ts';
import { connected } from '../harness/postgres.ts';
import { interleaved, ratios, spreadOf } from '../harness/rounds.ts';
import { atMost, shown, type Row } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';
import { eventAbout } from '../../test/support/event-about.ts';

/** Crossings a round, and jobs. */
const count = 40;
const queue = 'wal';

const walDuring = (url: string, work: () => Promise<unknown>): Promise<number> =>
  connected(url, async (client) => {
    const position = async (): Promise<number> => {
      const { rows } = await client.query<{ at: number }>(
        `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS at`,
      );
      return rows[0]?.at ?? 0;
    };
    // Whole pages are logged once after a checkpoint; both halves start behind one, with their pages touched.
    const before = await position();
    await work();
    return (await position()) - before;
  });

/** Tells of a change of each of the links and works until all have crossed. */
async function cross(bridge: BenchBridge): Promise<void> {
  const [companyId] = bridge.companies;
  if (companyId === undefined) throw new Error('no company was made');
  for (let number = 1; number <= count; number += 1) {
    const invoiceId = `inv_1_${number}`;
    const payload = { type: 'invoice.updated', data: { invoiceId, version: '2' } };
    await bridge.engine.store.ingest([eventAbout(companyId, invoiceId, { payload })]);
  }
  const before = bridge.books.writes();
  await bridge.settledPerSecond(60_000);
  const crossed = bridge.books.writes() - before;
  if (crossed !== count) throw new Error(`${crossed} of ${count} links crossed`);
}

async function jobs(boss: PgBoss): Promise<void> {
  for (let number = 1; number <= count; number += 1)
    await boss.send(queue, { companyId: systemIds.next(), invoiceId: `inv_1_${number}` });
  for (let done = 0; done < count;) {
    const fetched = await boss.fetch(queue, { batchSize: 50 });
    await boss.complete(
      queue,
      fetched.map(({ id }) => id),
    );
    done += fetched.length;
  }
}

export const wal: Row = {
  number: '14',
  name: 'wal',
  title: 'WAL bytes of one crossing against one pg-boss job',
  method: `${count} events a round: ingested one by one, resolved, claimed, written, settled and published, against as many pg-boss jobs on a partitioned standard queue: sent one by one, fetched and completed in batches. One round of each goes before, so that pages touched for the first time after a checkpoint count for neither. pg-boss keeps a pointer; a crossing keeps the payload, what was seen of the invoice on both sides, the decision, the bytes sent, the answer, about nine audit entries and nine stream events.`,
  measure: async (stage) => {
    const ours = await stage.database();
    const theirs = await stage.database();
    const template = await crossOne(ours);
    const bridge = await openBridge(template, 1);
    const boss = new PgBoss({ connectionString: theirs, supervise: false, schedule: false });
    try {
      await boss.start();
      await boss.createQueue(queue, { policy: 'standard', partition: true });
      await cloneCompanies(bridge.pool, template, 1);
      await cloneLinks(bridge.pool, template, [1], count);
      await bridge.pool.query('VACUUM ANALYZE');
      await cross(bridge);
      await jobs(boss);
      const bytes = await interleaved({
        engine: async () => (await walDuring(ours, () => cross(bridge))) / count,
        job: async () => (await walDuring(theirs, () => jobs(boss))) / count,
      });
      return [
        {
          what: 'WAL bytes of a crossing / of a pg-boss job',
          goal: atMost(3),
          value: ratios(bytes.engine, bytes.job),
          unit: '',
          detail: `${shown(spreadOf(bytes.engine).median)} against ${shown(spreadOf(bytes.job).median)} bytes`,
        },
      ];
    } finally {
      await bridge.close();
      await boss.stop({ graceful: false });
    }
  },
};
