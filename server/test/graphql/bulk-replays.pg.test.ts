import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { takeBulkForward } from '#sync/run-bulk.ts';
import { bulkRunnerOn, makeBulkDue, takeForward } from '../support/bulk.ts';
import { startBridge, type Bridge } from './bridge.ts';
import {
  actionsOf,
  askAnew,
  countOf,
  globalId,
  makeKey,
  request,
  type Result,
} from './requests.ts';
import { addDeadLetter, deadBooks } from './dead-books.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

beforeEach(async () => {
  await bridge.pool.query(
    `UPDATE bulk_operation SET status = 'CANCELLED' WHERE status IN ('QUEUED', 'RUNNING')`,
  );
});

const replay = (
  selection: object,
  expectedCount: number,
  more: object = {},
  headers?: Record<string, string>,
): Promise<Result> =>
  askAnew(bridge, 'replayDeadLetters', { selection, expectedCount, ...more }, headers);

const accepted = z.object({ bulkOperation: z.looseObject({ id: z.string() }) });
const idIn = (answer: unknown): string => accepted.parse(answer).bulkOperation.id;

async function operation(id: string, headers?: Record<string, string>) {
  const { data } = await bridge.ask(
    `query ($id: ID!) { bulkOperation(id: $id) { label status total succeeded failed skipped finishedAt actor { displayName } failures { subjectId message } } }`,
    { id },
    headers,
  );
  return data?.['bulkOperation'];
}

const statusesOf = async (companyId: string) => {
  const { rows } = await bridge.pool.query(
    `SELECT status, count(*)::int AS count FROM dead_letter WHERE company_id = $1 GROUP BY status ORDER BY status`,
    [companyId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

const replaysOf = (companyId: string) =>
  countOf(bridge, `FROM outbox_event WHERE company_id = $1 AND replay_of_id IS NOT NULL`, [
    companyId,
  ]);

describe('a bulk replay', () => {
  test('of an item that killed its worker three times leaves it alone with words, and goes on with the others', async () => {
    const { selection } = await deadBooks(bridge, 2);
    const id = idIn(await replay(selection, 2));
    const marks = async () => {
      const { rows } = await bridge.pool.query<{ marks: number }>(
        `SELECT i.crash_marks AS marks FROM bulk_item i JOIN bulk_operation o ON o.id = i.operation_id
         WHERE o.status IN ('QUEUED', 'RUNNING') ORDER BY i.position`,
      );
      return rows.map((row) => row.marks);
    };
    const { bulk } = bulkRunnerOn(bridge.pool);

    // The connection is lost on the way: the mark was there before the item was begun, and is taken back.
    await makeBulkDue(bridge.pool);
    const seen: (readonly number[])[] = [];
    const lost = bulk.takeNext(async () => {
      seen.push(await marks());
      await bridge.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SAVEPOINT item'`,
      );
      return { kind: 'succeeded' };
    });
    await expect(lost).rejects.toThrow();
    expect(seen).toEqual([[1, 0]]);
    expect(await marks()).toEqual([0, 0]);

    // What two workers left that died of it does not end it; what three left does.
    await bridge.pool.query(
      `UPDATE bulk_item i SET crash_marks = i.position + 1 FROM bulk_operation o
       WHERE o.id = i.operation_id AND o.status IN ('QUEUED', 'RUNNING')`,
    );
    await takeForward(bridge.pool, 2);

    expect(await operation(id)).toMatchObject({
      status: 'PARTIAL',
      succeeded: 1,
      failed: 1,
      failures: [{ message: expect.stringContaining('The worker stopped 3 times') }],
    });
  });

  test('of 200 with one failing and one changed meanwhile does each of the others exactly once', async () => {
    const { companyId, letters, selection } = await deadBooks(bridge, 200);
    const [paused, changed] = [letters[20], letters[30]];
    const id = idIn(await replay(selection, 200, { ratePerMinute: 500 }));
    await bridge.pool.query(
      `UPDATE link SET paused = true WHERE id = (SELECT link_id FROM dead_letter WHERE id = $1)`,
      [paused],
    );
    await bridge.pool.query('UPDATE dead_letter SET version = version + 1 WHERE id = $1', [
      changed,
    ]);
    expect(await operation(id)).toMatchObject({ status: 'QUEUED', total: 200, succeeded: 0 });

    const seen: number[] = [];
    for (let item = 0; item < 200; item += 1) {
      await takeForward(bridge.pool, 1);
      const { rows } = await bridge.pool.query(
        'SELECT succeeded + failed + skipped AS done FROM bulk_operation WHERE status <> $1 ORDER BY created_at DESC LIMIT 1',
        ['CANCELLED'],
      );
      seen.push(rows[0].done);
    }

    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(await operation(id)).toEqual({
      label: 'Replay of 200 dead letters',
      status: 'PARTIAL',
      total: 200,
      succeeded: 198,
      failed: 1,
      skipped: 1,
      finishedAt: expect.any(String),
      actor: { displayName: 'Bootstrap administrator' },
      failures: [
        {
          subjectId: globalId('DeadLetter', paused ?? ''),
          message: expect.stringContaining('is paused; restart it first'),
        },
      ],
    });
    expect(await statusesOf(companyId)).toEqual({ OPEN: 2, REPLAYING: 198 });
    expect(await replaysOf(companyId)).toBe(198);
    const trail = await actionsOf(bridge, companyId);
    expect(trail.filter((action) => action === 'BULK')).toHaveLength(2);
    expect(trail.filter((action) => action === 'REPLAYED')).toHaveLength(198);
    await takeForward(bridge.pool, 1);
    expect(await replaysOf(companyId)).toBe(198);
  }, 240_000);

  test('leaves out from the start what is risky or pointless, named by id or not', async () => {
    const { companyId, letters } = await deadBooks(bridge, 3, ['RISKY', 'SAFE', 'POINTLESS']);
    const ids = letters.map((id) => globalId('DeadLetter', id));

    const id = idIn(await replay({ ids }, 3));
    await takeForward(bridge.pool, 1);

    expect(await operation(id)).toMatchObject({
      status: 'SUCCEEDED',
      succeeded: 1,
      failed: 0,
      skipped: 2,
    });
    expect(await statusesOf(companyId)).toEqual({ OPEN: 2, REPLAYING: 1 });
  });

  test('of nothing but risky ones is over at once and changed nothing', async () => {
    const { companyId, selection } = await deadBooks(bridge, 2, ['RISKY', 'RISKY']);

    expect(await replay(selection, 2)).toMatchObject({
      bulkOperation: { status: 'SUCCEEDED', skipped: 2, finishedAt: expect.any(String) },
    });
    expect(await statusesOf(companyId)).toEqual({ OPEN: 2 });
  });

  test('never grows: what dies after it was accepted is not touched', async () => {
    const { companyId, selection } = await deadBooks(bridge, 2);
    const id = idIn(await replay(selection, 2));
    await addDeadLetter(bridge, companyId);

    await takeForward(bridge.pool, 5);

    expect(await operation(id)).toMatchObject({ status: 'SUCCEEDED', total: 2, succeeded: 2 });
    expect(await statusesOf(companyId)).toEqual({ OPEN: 1, REPLAYING: 2 });
  });

  test.each([
    ['another number than expected', 3, {}, { code: 'COUNT_MISMATCH', currentCount: 2 }],
    ['a rate of nothing', 2, { ratePerMinute: 0 }, { issues: [{ path: ['ratePerMinute'] }] }],
    ['a rate no realm takes', 2, { ratePerMinute: 501 }, { issues: [{ path: ['ratePerMinute'] }] }],
  ])('is refused for %s, and nothing is done', async (_what, expected, more, refusal) => {
    const { companyId, selection } = await deadBooks(bridge, 2);

    expect(await replay(selection, expected, more)).toMatchObject(refusal);

    expect(await actionsOf(bridge, companyId)).toEqual([]);
    expect(await statusesOf(companyId)).toEqual({ OPEN: 2 });
  });

  test('of nothing is refused, and of more than an operation holds as well', async () => {
    expect(await replay({ ids: [] }, 0)).toMatchObject({ issues: [{ path: ['selection'] }] });
    const stranger = await makeKey(bridge, ['READ', 'OPERATE'], []);
    expect(await replay({ filter: {} }, 0, {}, stranger)).toMatchObject({
      issues: [{ path: ['selection'] }],
    });
  });

  test('keeps to its rate, and makes up for no more than a second of waiting', async () => {
    const { selection } = await deadBooks(bridge, 40);
    idIn(await replay(selection, 40, { ratePerMinute: 60 }));
    const runner = bulkRunnerOn(bridge.pool);
    const running = `SELECT succeeded FROM bulk_operation WHERE status = 'RUNNING'`;

    await takeBulkForward(runner);
    expect(await takeBulkForward(runner)).toBeGreaterThan(500);
    expect((await bridge.pool.query(running)).rows).toEqual([{ succeeded: 1 }]);

    await bridge.pool.query(
      `UPDATE bulk_operation SET next_at = clock_timestamp() - interval '1 hour' WHERE status = 'RUNNING'`,
    );
    let waits = 0;
    for (let turns = 0; turns < 10 && waits === 0; turns += 1)
      waits = await takeBulkForward(runner);
    expect((await bridge.pool.query(running)).rows).toEqual([{ succeeded: 3 }]);
  });

  test('cancelled in the middle keeps what is done and leaves the rest as it was', async () => {
    const { companyId, selection } = await deadBooks(bridge, 10);
    const id = idIn(await replay(selection, 10));
    await takeForward(bridge.pool, 4);

    expect(await askAnew(bridge, 'cancelBulkOperation', { bulkOperationId: id })).toMatchObject({
      bulkOperation: { status: 'CANCELLED', succeeded: 4, total: 10 },
    });
    await takeForward(bridge.pool, 6);

    expect(await statusesOf(companyId)).toEqual({ OPEN: 6, REPLAYING: 4 });
    expect(await askAnew(bridge, 'cancelBulkOperation', { bulkOperationId: id })).toMatchObject({
      __typename: 'IllegalStateError',
      retryable: false,
    });
  });

  test('taken forward by four workers at once does nothing twice', async () => {
    const { companyId, selection } = await deadBooks(bridge, 40);
    const id = idIn(await replay(selection, 40));
    await bridge.pool.query(
      `UPDATE bulk_operation SET rate_per_minute = 600000 WHERE status = 'QUEUED'`,
    );

    const runners = Array.from({ length: 4 }, () => bulkRunnerOn(bridge.pool));
    await Promise.all(
      runners.map(async (runner) => {
        for (let turn = 0; turn < 40; turn += 1) await takeBulkForward(runner);
      }),
    );
    await takeForward(bridge.pool, 40);

    expect(await operation(id)).toMatchObject({ status: 'SUCCEEDED', succeeded: 40 });
    expect(await replaysOf(companyId)).toBe(40);
  });

  test('whose worker loses its connection in the middle of an item does that item once', async () => {
    const { companyId, selection } = await deadBooks(bridge, 3);
    const id = idIn(await replay(selection, 3));
    await takeForward(bridge.pool, 1);
    const blocker = await bridge.pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('SELECT 1 FROM audit_head WHERE chain = $1 FOR UPDATE', [companyId]);
      await makeBulkDue(bridge.pool);
      const cut = takeBulkForward(bulkRunnerOn(bridge.pool)).catch(String);
      await bridge.pool.query('SELECT 1');
      const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append_audit%'`;
      while ((await countOf(bridge, waiting)) === 0);
      await blocker.query(`SELECT pg_terminate_backend(pid) ${waiting}`);
      expect(await cut).toContain('onnection');
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    expect(await operation(id)).toMatchObject({ status: 'RUNNING', succeeded: 1 });
    expect(await replaysOf(companyId)).toBe(1);

    await takeForward(bridge.pool, 2);

    expect(await operation(id)).toMatchObject({ status: 'SUCCEEDED', succeeded: 3 });
    expect(await replaysOf(companyId)).toBe(3);
  });

  test('over two companies is told in both, and whoever sees one of them only sees none of it', async () => {
    const [one, other] = [await deadBooks(bridge, 1), await deadBooks(bridge, 1)];
    const ids = [...one.letters, ...other.letters].map((id) => globalId('DeadLetter', id));
    const limited = await makeKey(bridge, ['READ', 'OPERATE'], [one.companyId]);

    const id = idIn(await replay({ ids }, 2));
    await takeForward(bridge.pool, 2);

    expect(await operation(id, limited)).toBeNull();
    const { data } = await bridge.ask(
      '{ bulkOperations { totalCount nodes { id } } }',
      {},
      limited,
    );
    expect(data?.['bulkOperations']).toEqual({ totalCount: 0, nodes: [] });
    expect(
      await askAnew(bridge, 'cancelBulkOperation', { bulkOperationId: id }, limited),
    ).toMatchObject({ code: 'NOT_FOUND' });
    for (const { companyId } of [one, other])
      expect((await actionsOf(bridge, companyId)).filter((it) => it === 'BULK')).toHaveLength(2);
    const { rows } = await bridge.pool.query(
      `SELECT DISTINCT summary FROM stream_event WHERE type = 'BULK_CHANGED' AND company_id = $1 ORDER BY 1`,
      [one.companyId],
    );
    expect(rows.map(({ summary }) => summary)).toEqual([
      'A bulk operation has ended.',
      'A bulk operation moved on.',
      'A bulk operation was accepted.',
    ]);
  });

  test('asked again under its key answers with the same operation, though nothing matches any more', async () => {
    const { selection } = await deadBooks(bridge, 2);
    const once = { selection, expectedCount: 2, idempotencyKey: randomUUID() };
    const first = idIn(await request(bridge, 'replayDeadLetters', once));
    await takeForward(bridge.pool, 2);

    const again = await request(bridge, 'replayDeadLetters', once);

    expect(again).toMatchObject({ replayed: true, bulkOperation: { id: first } });
  });
});
