import { expect, test } from 'vitest';
import { z } from 'zod';
import { bookkeeper, expectBooksToAgree, untilBusy } from '../support/bookkeeper.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld } from '../support/world.ts';

test('killed ten times during a hundred changes: everything settles, nothing twice, the chain holds', async () => {
  const world = await startWorld({ rings: true, leaseSeconds: 1 });
  const late = { match: { entity: 'Invoice' }, effect: 'latency', params: { ms: 40 } };
  await world.quickbooks.faults([late]);
  const tenChanges = bookkeeper(world);

  for (let kill = 0; kill < 10; kill += 1) {
    await tenChanges();
    const worker = await startWorkerProcess(world);
    await untilBusy(world, 2);
    await worker.kill();
  }
  await startWorkerProcess(world);
  await world.settled(200_000);

  const [kills] = await world.rows(
    z.object({ takeovers: z.number(), interrupted: z.number() }),
    `SELECT (SELECT epoch::int FROM company_lease) AS takeovers,
       (SELECT count(*)::int FROM attempt WHERE outcome = 'UNKNOWN') AS interrupted`,
  );
  expect(kills?.takeovers).toBeGreaterThan(10);
  expect(kills?.interrupted, 'attempts that a kill cut off').toBeGreaterThan(0);
  await expectBooksToAgree(world);
}, 300_000);
