import { expect, test } from 'vitest';
import { z } from 'zod';
import { toCorrelationId, toLinkId } from '#core/brand.ts';
import { openStore } from '../../support/store.ts';

test('a link that turns out to be one with another is due again, and the trail says so', async () => {
  const { store, pool, companyId, held } = await openStore();
  const made = await pool.query(
    `INSERT INTO link (id, company_id, internal_id, quickbooks_id, changed_at, status_reason)
     SELECT gen_random_uuid(), $1, t.internal, t.quickbooks, clock_timestamp(), 'as it was'
     FROM (VALUES ('inv_1', NULL), (NULL, '7')) AS t(internal, quickbooks) RETURNING id`,
    [companyId],
  );
  const [into] = z.array(z.object({ id: z.string() })).parse(made.rows);
  if (into === undefined) throw new Error('no link was made');
  const join = {
    intoId: toLinkId(into.id),
    quickbooksId: '7',
    because: 'They are one.',
    correlationId: toCorrelationId('one'),
  };

  expect(await store.joinLinks(await held(), join)).toBe(true);

  const { rows } = await pool.query(
    `SELECT content->'changes' AS changes FROM audit_entry WHERE action = 'LINK_CHANGED'`,
  );
  expect(rows).toEqual([
    {
      changes: [
        { path: 'quickbooksId', side: null, before: null, after: '7' },
        { path: 'status', side: null, before: 'UNLINKED', after: 'PENDING' },
      ],
    },
  ]);
});
