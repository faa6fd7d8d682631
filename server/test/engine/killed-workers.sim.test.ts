import { expect, test } from 'vitest';
import { z } from 'zod';
import { bookkeeper, expectBooksToAgree, untilBusy } from '../support/bookkeeper.ts';
import { keepResult } from '../support/results.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld } from '../support/world.ts';

/** Ten in every test run; `npm run converge -- --kills 200` for more. */
const kills = Number(process.env['CONVERGE_KILLS'] ?? '10');

test(
  `killed ${kills} times during ${kills * 10} changes: everything settles, nothing twice, the chain holds`,
  async () => {
    const world = await startWorld({ rings: true, leaseSeconds: 1 });
    const late = { match: { entity: 'Invoice' }, effect: 'latency', params: { ms: 40 } };
    await world.quickbooks.faults([late]);
    const tenChanges = bookkeeper(world);

    const backAtItMs: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await tenChanges();
      const bornAt = performance.now();
      const worker = await startWorkerProcess(world);
      await untilBusy(world, 2);
      backAtItMs.push(performance.now() - bornAt);
      await worker.kill();
      if ((kill + 1) % 25 === 0) process.stdout.write(`${kill + 1} workers were killed\n`);
    }
    await startWorkerProcess(world);
    await world.settled(200_000 + kills * 2_000);

    const [left] = await world.rows(
      z.object({ takeovers: z.number(), interrupted: z.number() }),
      `SELECT (SELECT epoch::int FROM company_lease) AS takeovers,
         (SELECT count(*)::int FROM attempt WHERE outcome = 'UNKNOWN') AS interrupted`,
    );
    expect(left?.takeovers).toBeGreaterThan(kills);
    expect(left?.interrupted, 'attempts that a kill cut off').toBeGreaterThan(0);
    await expectBooksToAgree(world);
    const writes = (await world.quickbooks.mutations()).length;
    await keepResult('kills', {
      kills,
      changes: kills * 10,
      writes,
      interrupted: left?.interrupted ?? 0,
      backAtItMsMax: Math.round(Math.max(...backAtItMs)),
    });
  },
  300_000 + kills * 15_000,
);
