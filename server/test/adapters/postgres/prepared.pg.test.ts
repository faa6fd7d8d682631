import { expect, test } from 'vitest';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

test('what the engine asks over and over is parsed once a connection, and planned a few times', async () => {
  const { store, pool, companyId } = await openStore();

  // One after another they meet the same connection, the last one that was given back.
  for (let place = 0; place < 20; place += 1)
    await store.ingest([eventAbout(companyId, `invoice-${place}`)]);

  const { rows } = await pool.query<{ generic: number; custom: number }>(
    `SELECT generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements
     WHERE statement LIKE '%INSERT INTO outbox_event%'`,
  );
  expect(rows).toEqual([{ generic: 15, custom: 5 }]);
});
