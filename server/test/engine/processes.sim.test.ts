import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bookkeeper, expectBooksToAgree, untilBusy } from '../support/bookkeeper.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

const span = z.object({
  link: z.string(),
  requestId: z.string(),
});

test('two workers on one database: no invoice is worked by two at once', async () => {
  const world = await startWorld({ rings: true });
  const late = { match: { entity: 'Invoice' }, effect: 'latency', params: { ms: 30 } };
  await world.quickbooks.faults([late]);
  await Promise.all([startWorkerProcess(world), startWorkerProcess(world)]);
  const tenChanges = bookkeeper(world);

  for (let round = 0; round < 5; round += 1) {
    await tenChanges();
    await world.settled();
  }

  const overlapping = await world.rows(
    z.object({ link: z.string() }),
    `SELECT a.link_id AS link FROM attempt a JOIN attempt b ON b.link_id = a.link_id AND b.id > a.id
     WHERE tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)`,
  );
  expect(overlapping).toEqual([]);
  const intents = await world.rows(span, `SELECT link_id AS link, id AS "requestId" FROM intent`);
  const linkOfRequest = new Map(intents.map(({ link, requestId }) => [requestId, link]));
  const sent = (await world.quickbooks.requests()).filter(({ requestId }) => requestId !== null);
  expect(sent.length).toBeGreaterThan(20);
  for (const [link, requests] of Map.groupBy(sent, ({ requestId }) =>
    linkOfRequest.get(requestId ?? ''),
  )) {
    for (const [place, request] of requests.entries()) {
      const before = requests[place - 1];
      if (before !== undefined)
        expect(request.startedAt >= (before.finishedAt ?? '9'), `writes of ${link}`).toBe(true);
    }
  }
  await expectBooksToAgree(world);
});

test('a worker that was frozen while another took over changes nothing when it wakes', async () => {
  const world = await startWorld({ rings: true, leaseSeconds: 1 });
  const late = { match: { entity: 'Invoice' }, effect: 'latency', params: { ms: 60 } };
  await world.quickbooks.faults([late]);
  const tenChanges = bookkeeper(world);
  await tenChanges();
  const frozen = await startWorkerProcess(world);
  await untilBusy(world, 1);

  frozen.signal('SIGSTOP');
  await tenChanges();
  await startWorkerProcess(world);
  await untilBusy(world, 3);
  frozen.signal('SIGCONT');
  await world.settled(40_000);

  await expectBooksToAgree(world);
});

/** The queue's own statements take its rows in another order: where the two would wait for each other, it is tried again. */
async function emptyQueue(world: World): Promise<void> {
  try {
    await world.pool.query('DELETE FROM pgboss.job');
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '40P01')) throw error;
    await emptyQueue(world);
  }
}

test('with its queue emptied again and again, everything still settles within the sweep', async () => {
  const world = await startWorld({ rings: true });
  await startWorkerProcess(world);
  const tenChanges = bookkeeper(world);

  for (let round = 0; round < 4; round += 1) {
    await tenChanges();
    await emptyQueue(world);
    await world.settled(20_000);
  }

  await expectBooksToAgree(world);
});

test('a worker told to stop leaves within ten seconds and gives its lease back', async () => {
  const world = await startWorld({ rings: true });
  const worker = await startWorkerProcess(world);
  await bookkeeper(world)();
  await untilBusy(world, 1);

  const askedAt = performance.now();
  await worker.stop();

  expect(performance.now() - askedAt).toBeLessThan(10_000);
  const { rows } = await world.pool.query('SELECT holder FROM company_lease');
  expect(rows).toEqual([{ holder: null }]);
  await startWorkerProcess(world);
  await world.settled();
  await expectBooksToAgree(world);
});
