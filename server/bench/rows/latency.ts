import { openDrainQueue } from '#adapters/pg-boss/drain-queue.ts';
import { createIngest } from '#sync/ingest.ts';
import { answerBell, workLimits } from '#sync/work.ts';
import { openBridge, quiet } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks } from '../harness/clone.ts';
import { quantile, roundsOf, spreadOf } from '../harness/rounds.ts';
import { atMost, type Row } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';
import { eventAbout } from '../../test/support/event-about.ts';

const links = 100;
const eventsARound = 20;
const pauseMs = 60;
const lostMs = 10_000;

export const latency: Row = {
  number: '10',
  name: 'latency',
  title: 'From the commit of an event to the request to QuickBooks, idle system',
  method: `A worker composed as in production waits on pg-boss; a second queue connection rings, as the API process does. Measured from the commit of the event to the moment the QuickBooks adapter hands the write to the network, which takes the ring (coalesced over 20 ms), pg-boss's notification and fetch, the lease, resolve, claim, the read of the internal invoice (answered at once), the plan and the commit of the intent. ${roundsOf} rounds of ${eventsARound} events, one at a time.`,
  measure: async (stage) => {
    const template = await crossOne(await stage.database());
    const bridge = await openBridge(template, 1);
    const ringing = await openDrainQueue(template.databaseUrl, quiet);
    const working = await openDrainQueue(template.databaseUrl, quiet);
    try {
      await cloneCompanies(bridge.pool, template, 1);
      await cloneLinks(bridge.pool, template, [1], links);
      await bridge.pool.query('VACUUM ANALYZE');
      await working.work(
        (id, lost) => answerBell(bridge.engine, working.doorbell, 'bench', id, lost),
        workLimits.parallelCompanies,
      );
      const ingest = createIngest(bridge.engine.store, ringing.doorbell);
      const [companyId] = bridge.companies;
      if (companyId === undefined) throw new Error('no company was made');
      let place = 0;
      const once = async (): Promise<number> => {
        place += 1;
        const left = new Promise<number>((resolve, reject) => {
          bridge.books.onWrite(() => resolve(performance.now()));
          setTimeout(() => reject(new Error('nothing was written in time')), lostMs).unref();
        });
        await ingest([eventAbout(companyId, `inv_1_${1 + (place % links)}`)]);
        const committedAt = performance.now();
        const tookMs = (await left) - committedAt;
        await bridge.idle();
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        return tookMs;
      };
      for (let warm = 0; warm < eventsARound / 2; warm += 1) await once();
      const rounds: number[][] = [];
      for (let round = 0; round < roundsOf; round += 1) {
        const waits: number[] = [];
        for (let event = 0; event < eventsARound; event += 1) waits.push(await once());
        rounds.push(waits.toSorted((one, other) => one - other));
      }
      const all = rounds.flat().toSorted((one, other) => one - other);
      return [
        {
          what: 'Event committed → request to QuickBooks, p50',
          goal: atMost(35, ' ms'),
          value: spreadOf(rounds.map((waits) => quantile(waits, 0.5))),
          unit: 'ms',
          detail: `${all.length} events`,
        },
        {
          what: 'Event committed → request to QuickBooks, p99',
          goal: atMost(80, ' ms'),
          value: spreadOf([quantile(all, 0.99)]),
          unit: 'ms',
          detail: `${all.length} events; pg-boss with notify alone takes 5 ms, p99 26 ms`,
        },
      ];
    } finally {
      await working.stop();
      await ringing.stop();
      await bridge.close();
    }
  },
};
