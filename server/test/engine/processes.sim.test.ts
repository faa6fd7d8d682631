import { expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../simulator/control/until.ts';
import { lineOf, plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

/** A bookkeeper who makes ten changes at a time: new invoices, and edits and a void of those made the time before. */
function bookkeeper(world: World): () => Promise<void> {
  let earlier: readonly string[] = [];
  const create = async (): Promise<string> =>
    (await world.invoicing.human({ action: 'create', invoice: plainInvoice() })).id;
  const change = async (id: string, place: number): Promise<void> => {
    const lines = [lineOf(String(place + 3), '41.5')];
    const action = place === 4 ? { action: 'void', id } : { action: 'edit', id, set: { lines } };
    await world.invoicing.human(action);
  };
  return async () => {
    const made: string[] = [];
    const newOnes = earlier.length === 0 ? 10 : 5;
    for (let count = 0; count < newOnes; count += 1) made.push(await create());
    for (const [place, id] of earlier.entries()) await change(id, place);
    earlier = made.slice(-5);
  };
}

const internalInvoice = z.object({ id: z.string(), status: z.string(), total: z.string() });

/** Both books agree, nothing was done twice, and everything that was done had been written down. */
async function expectBooksToAgree(world: World): Promise<void> {
  const invoices = z.array(internalInvoice).parse((await world.invoicing.state())['invoices']);
  const theirs = await quickBooksInvoices(world);
  const byMarker = Map.groupBy(theirs, ({ PrivateNote = '' }) =>
    PrivateNote.slice(PrivateNote.indexOf('LedgerBridge ')),
  );
  for (const { id, status, total } of invoices) {
    const copies = byMarker.get(`LedgerBridge ${id}`) ?? [];
    expect(copies.length, `copies of ${id} (${status})`).toBeLessThanOrEqual(1);
    const [copy] = copies;
    if (status === 'void') expect(copy?.TotalAmt ?? 0, id).toBe(0);
    else expect(copy?.TotalAmt, id).toBe(Number(total));
  }
  expect(theirs.length).toBeLessThanOrEqual(invoices.length);

  const mutations = (await world.quickbooks.mutations()).map(({ requestId }) => requestId ?? '');
  expect(new Set(mutations).size).toBe(mutations.length);
  const intents = await world.rows(
    z.object({ id: z.string() }),
    `SELECT id FROM intent WHERE state = 'ACKNOWLEDGED'`,
  );
  const acknowledged = intents.map(({ id }) => id);
  expect(sorted(mutations)).toEqual(sorted(acknowledged));

  const statuses = await world.rows(z.object({ status: z.string() }), 'SELECT status FROM link');
  for (const { status } of statuses) expect(['IN_SYNC', 'UNLINKED']).toContain(status);
  expect(await world.brokenAudit()).toEqual([]);
}

const sorted = (texts: readonly string[]) =>
  texts.toSorted((one, other) => one.localeCompare(other));

/** Waits until the worker is in the middle of work that began after this was called. */
async function untilBusy(world: World, writes: number): Promise<void> {
  const { length } = await world.quickbooks.mutations();
  await until(
    'writes to be made',
    async () => (await world.quickbooks.mutations()).length >= length + writes,
    20_000,
  );
}

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
  await world.settled(60_000);

  const [kills] = await world.rows(
    z.object({ takeovers: z.number(), interrupted: z.number() }),
    `SELECT (SELECT epoch::int FROM company_lease) AS takeovers,
       (SELECT count(*)::int FROM attempt WHERE outcome = 'UNKNOWN') AS interrupted`,
  );
  expect(kills?.takeovers).toBeGreaterThan(10);
  expect(kills?.interrupted, 'attempts that a kill cut off').toBeGreaterThan(0);
  await expectBooksToAgree(world);
}, 110_000);

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

test('with its queue emptied again and again, everything still settles within the sweep', async () => {
  const world = await startWorld({ rings: true });
  await startWorkerProcess(world);
  const tenChanges = bookkeeper(world);

  for (let round = 0; round < 4; round += 1) {
    await tenChanges();
    await world.pool.query('DELETE FROM pgboss.job');
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
