import { expect, onTestFinished, test } from 'vitest';
import { createPool } from '#adapters/postgres/pool.ts';
import { createTestDatabase } from '../../database.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function onePool() {
  const database = await createTestDatabase();
  const pool = createPool(database.url, quiet, 1);
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  return pool;
}

const long = (text: string): string => `${text} /* ${'long '.repeat(100)} */`;

test('a long statement is planned once a connection, and answers each time by its own values', async () => {
  const pool = await onePool();

  const answers = [];
  for (const value of ['one', 'two', 'three'])
    answers.push((await pool.query(long('SELECT $1::text AS told'), [value])).rows[0]);

  expect(answers).toEqual([{ told: 'one' }, { told: 'two' }, { told: 'three' }]);
  const kept = await pool.query(
    'SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements',
  );
  expect(kept.rows).toEqual([{ runs: '3' }]);
});

test('a short statement and one without values are planned as they come', async () => {
  const pool = await onePool();

  await pool.query('SELECT $1::text AS told', ['one']);
  await pool.query(long('SELECT 1'));

  expect((await pool.query('SELECT name FROM pg_prepared_statements')).rows).toEqual([]);
});

test('a kept plan lives through a migration that adds a column', async () => {
  const pool = await onePool();
  const ask = () =>
    pool.query(long('SELECT l.id, l.number FROM link l WHERE l.number = $1'), ['1']);
  await ask();

  await pool.query('ALTER TABLE link ADD COLUMN added_later text');

  expect((await ask()).rows).toEqual([]);
});
