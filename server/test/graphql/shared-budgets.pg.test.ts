import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createApiBudgets } from '#adapters/postgres/api-budgets.ts';
import { createBudgets } from '#graphql/budgets.ts';
import { costLimits } from '#graphql/cost.ts';
import type { ApiBudgets } from '#ports/api-budgets.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { startApiProcess } from '../support/api-process.ts';
import { adminKey, startBridge } from './bridge.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query('DELETE FROM api_budget'));

/** A budget that does not fill, so that no test depends on how long it takes. */
const standStill = (on: Pool, callerId: string, points: number) =>
  on.query(
    `INSERT INTO api_budget (caller_id, points, granted, at) VALUES ($1, $2, 0, now() + interval '1 day')
     ON CONFLICT (caller_id) DO UPDATE SET points = excluded.points, at = excluded.at`,
    [callerId, points],
  );

const storedPoints = async (callerId: string): Promise<number> => {
  const { rows } = await pool.query<{ points: number }>(
    'SELECT points FROM api_budget WHERE caller_id = $1',
    [callerId],
  );
  return rows[0]?.points ?? Number.NaN;
};

/** One process as its callers meet it: a clock to move, and how often it asked the database. */
function startProcess() {
  const counted = { statements: 0 };
  const clock = { nowMs: 0 };
  const stored = createApiBudgets(pool);
  const budgets: ApiBudgets = {
    lease: (...asked) => {
      counted.statements += 1;
      return stored.lease(...asked);
    },
  };
  return { counted, clock, budgetOf: createBudgets(budgets, () => clock.nowMs) };
}

test('three processes together give out what one budget holds, and no point more', async () => {
  await standStill(pool, 'ana', costLimits.bucket);
  const processes = [startProcess(), startProcess(), startProcess()];

  const taken = await Promise.all(
    processes.flatMap(({ budgetOf }) =>
      Array.from({ length: 300 }, () => budgetOf('ana').take(70)),
    ),
  );

  const served = taken.filter((refusal) => refusal === null).length;
  const bound = Math.floor(costLimits.bucket / 70);
  expect(served).toBeLessThanOrEqual(bound);
  // What is too little for one more may lie with each process.
  expect(served).toBeGreaterThanOrEqual(bound - processes.length);
  expect(taken.find((refusal) => refusal !== null)).toEqual({ waitSeconds: 1 });
});

test('a hundred small requests cost a statement or two, not a hundred', async () => {
  const { budgetOf, counted } = startProcess();

  for (let index = 0; index < 100; index += 1) await budgetOf('ana').take(10);

  expect(counted.statements).toBeLessThanOrEqual(2);
});

test('what a process took ahead and did not use goes back, and nothing is spent by waiting', async () => {
  await standStill(pool, 'ana', 3_000);
  const { budgetOf, clock } = startProcess();
  for (let index = 0; index < 20; index += 1) {
    await budgetOf('ana').take(1);
    clock.nowMs += 6_000;
  }

  expect(await budgetOf('ana').remaining()).toBe(2_980);
  expect(await storedPoints('ana')).toBe(2_980);
});

test('every caller has a budget of its own, and it fills again with time', async () => {
  await standStill(pool, 'ana', 100);
  const { budgetOf } = startProcess();

  expect(await budgetOf('ana').take(500)).toEqual({ waitSeconds: 2 });
  expect(await budgetOf('ben').take(500)).toBeNull();
  await pool.query(
    `UPDATE api_budget SET at = now() - interval '10 seconds' WHERE caller_id = 'ana'`,
  );
  expect(await budgetOf('ana').take(500)).toBeNull();
});

test('two API processes share the budget of a key: beyond it each answers 429, and both say what is left', async () => {
  const bridge = await startBridge();
  const processes = await Promise.all([1, 2].map(() => startApiProcess(bridge.databaseUrl)));
  const ask = (at: number, query: string) =>
    fetch(`${processes[at]?.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${adminKey}`,
      },
      body: JSON.stringify({ query }),
    });
  try {
    const { rows } = await bridge.pool.query<{ id: string }>(
      'SELECT id::text AS id FROM api_client',
    );
    await standStill(bridge.pool, rows[0]?.id ?? '', 10_000);
    const costly =
      '{ outboxEvents(first: 190) { nodes { attempts(first: 25) { nodes { number } } } } }';

    const [first, second] = [await ask(0, costly), await ask(1, costly)];
    const refused = [await ask(0, costly), await ask(1, costly)];

    expect([first.status, second.status]).toEqual([200, 200]);
    const left = 10_000 - 2 * (190 + 190 * 25);
    for (const response of refused) {
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBe(
        Math.ceil((190 + 190 * 25 - left) / costLimits.refillPerSecond),
      );
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED' } }],
      });
    }
    const viewer = await ask(1, '{ viewer { apiBudget { limit remaining refillPerSecond } } }');
    expect(await viewer.json()).toMatchObject({
      data: { viewer: { apiBudget: { limit: 20_000, remaining: left - 1, refillPerSecond: 200 } } },
    });
  } finally {
    await Promise.all(processes.map((each) => each.kill()));
    await bridge.close();
  }
}, 120_000);
