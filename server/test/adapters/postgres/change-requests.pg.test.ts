import { onTestFinished, expect, test } from 'vitest';
import { createChangeRequests } from '#adapters/postgres/change-requests.ts';
import { createPool } from '#adapters/postgres/pool.ts';
import { systemClock } from '#adapters/system/clock.ts';
import type { CompanyId } from '#core/brand.ts';
import type { LockedRows, RequestKey, Touched } from '#ports/change-requests.ts';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const feed = { announce: () => {} };

const key = (idempotencyKey: string): RequestKey => ({
  callerId: 'client:1',
  mutation: 'test',
  idempotencyKey,
  inputHash: 'same',
});

/** Two processes on one database with one link. */
async function twoProcesses(waitMs = 10_000, connections = 4) {
  const { store, pool, companyId, held } = await openStore();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.resolveSubjects(await held(), 1);
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM link');
  const database = `${pool.options.connectionString}`;
  const processes = [1, 2].map(() => {
    const own = createPool(database, quiet, connections);
    onTestFinished(() => own.end());
    return createChangeRequests(own, feed, systemClock, waitMs);
  });
  const [one, two] = processes;
  if (one === undefined || two === undefined) throw new Error('there must be two');
  return { one, two, pool, companyId, linkId: rows[0]?.id ?? '' };
}

const touched = (companyId: CompanyId): Touched => ({
  companyId,
  subjectId: 'x',
  eventId: null,
  undoToken: null,
});

/** Work that pauses the link and waits in the middle until it is let go. */
function gated(companyId: CompanyId, linkId: string) {
  const entered = Promise.withResolvers<null>();
  const gate = Promise.withResolvers<null>();
  const work = async (rows: LockedRows): Promise<Touched> => {
    await rows.link(linkId);
    entered.resolve(null);
    await gate.promise;
    await rows.record({
      companyId,
      linkId,
      correlationId: eventAbout(companyId, 'inv_1').correlationId,
      actor: { kind: 'system', name: 'test' },
      link: { id: linkId, pausedBy: 'test' },
      audit: [],
      stream: [],
    });
    return touched(companyId);
  };
  return { work, entered: entered.promise, open: () => gate.resolve(null) };
}

test('asked of two processes at once, one works and the other answers as it did', async () => {
  const { one, two, companyId } = await twoProcesses();
  let worked = 0;
  const work = async (): Promise<Touched> => {
    worked += 1;
    return touched(companyId);
  };

  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, place) => (place % 2 === 0 ? one : two).once(key('k'), work)),
  );

  expect(worked).toBe(1);
  expect(outcomes.filter((outcome) => outcome.kind === 'done' && !outcome.replayed)).toHaveLength(
    1,
  );
  expect(outcomes.filter((outcome) => outcome.kind === 'done')).toHaveLength(50);
});

test('a repeat waits for the running one, in this process and in another, and says since when it runs', async () => {
  const { one, two, companyId, linkId } = await twoProcesses(250);
  const first = gated(companyId, linkId);
  const startedAt = Date.now();
  const running = one.once(key('k'), first.work);
  await first.entered;

  const [here, there] = await Promise.all([
    one.once(key('k'), async () => touched(companyId)),
    two.once(key('k'), async () => touched(companyId)),
  ]);

  for (const outcome of [here, there]) {
    expect(outcome).toEqual({ kind: 'key-in-progress', firstUsedAt: expect.any(Number) });
    const since = outcome.kind === 'key-in-progress' ? outcome.firstUsedAt : 0;
    expect(Math.abs(since - startedAt)).toBeLessThan(200);
  }
  first.open();
  expect(await running).toMatchObject({ kind: 'done', replayed: false });
  expect(await two.once(key('k'), first.work)).toMatchObject({ kind: 'done', replayed: true });
});

test('repeats that stand in line hold no connection, so that other requests go on', async () => {
  const { one, companyId, linkId } = await twoProcesses(10_000, 2);
  const first = gated(companyId, linkId);
  const running = one.once(key('k'), first.work);
  await first.entered;
  const waiting = Array.from({ length: 20 }, () => one.once(key('k'), first.work));

  const other = await one.once(key('other'), async () => touched(companyId));

  expect(other).toMatchObject({ kind: 'done', replayed: false });
  first.open();
  expect(await running).toMatchObject({ replayed: false });
  for (const outcome of await Promise.all(waiting))
    expect(outcome).toMatchObject({ replayed: true });
});

test('after a failure and after a refusal the next in line does the work', async () => {
  const { one, companyId, linkId, pool } = await twoProcesses();
  const first = gated(companyId, linkId);
  const failing = one.once(key('k'), async (rows) => {
    await first.work(rows);
    throw new Error('our bug');
  });
  await first.entered;
  const refused = one.once(key('k'), async () => ({ kind: 'not-found' }));
  const last = one.once(key('k'), async () => touched(companyId));
  first.open();

  await expect(failing).rejects.toThrow('our bug');
  expect(await refused).toEqual({ kind: 'not-found' });
  expect(await last).toMatchObject({ kind: 'done', replayed: false });
  expect((await pool.query('SELECT paused FROM link')).rows).toEqual([{ paused: false }]);
});
