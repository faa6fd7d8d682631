import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { until } from '../../simulator/control/until.ts';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

type Opened = Awaited<ReturnType<typeof openStore>>;

const tellOfLink = `
INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
SELECT gen_random_uuid(), $1, id, 'INVOICE_CHANGED', 'told', '{}', now(), '' FROM link`;
const audit = `
SELECT append_audit($1::text, $1::uuid, jsonb_build_array(jsonb_build_object('actor', jsonb_build_object('kind', 'system', 'name', 'test'),
  'action', 'WRITE', 'summary', 'in between', 'subject', jsonb_build_object('type', 'Company', 'id', $1::text), 'linkId', NULL,
  'note', NULL, 'correlationId', '', 'changes', '[]'::jsonb)))`;

/** Runs `meanwhile` in a transaction of somebody else, who commits afterwards; what waited for it then comes to its end. */
async function somebodyElse<Result>(
  { pool }: Opened,
  meanwhile: (client: PoolClient) => Promise<{ readonly waiting: Promise<Result> }>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { waiting } = await meanwhile(client);
    await client.query('COMMIT');
    return await waiting;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Until somebody waits for a lock that another one holds. */
const untilWaiting = ({ pool }: Opened): Promise<unknown> =>
  until('somebody to wait for a lock', async () => {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount !== 0;
  });

test('who counts a failure and waits for the audit chain is not waited for by who writes to the chain', async () => {
  const opened = await openStore();
  const { store, companyId, held } = opened;
  const lease = await held();
  const fail = () => store.noteReachability(lease, false);
  for (let failure = 1; failure <= 4; failure += 1) await fail();

  await opened.pool.query(audit, [companyId]);

  const fifth = await somebodyElse(opened, async (client) => {
    await client.query('SELECT 1 FROM audit_head FOR UPDATE');
    const waiting = fail();
    await untilWaiting(opened);
    await client.query(audit, [companyId]);
    return { waiting };
  });

  expect(fifth).toBe(true);
});

test('a claim that probes takes the company before the audit chain, as the count of failures does', async () => {
  const opened = await openStore();
  const { store, pool, companyId, held } = opened;
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  const lease = await held();
  await store.resolveSubjects(lease, 10);
  await pool.query('UPDATE company SET breaker_failures = 5');

  const claimed = await somebodyElse(opened, async (client) => {
    await client.query('UPDATE company SET breaker_failures = 6 WHERE id = $1', [companyId]);
    const waiting = store.claimLinks(lease, 4, false);
    await untilWaiting(opened);
    await client.query(audit, [companyId]);
    return { waiting };
  });

  expect(claimed).toHaveLength(1);
});

test('a claim that waits for the audit chain is not waited for by who tells of its invoice', async () => {
  const opened = await openStore();
  const { store, companyId, held } = opened;
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  const lease = await held();
  await store.resolveSubjects(lease, 10);

  const claimed = await somebodyElse(opened, async (client) => {
    await client.query(audit, [companyId]);
    const waiting = store.claimLinks(lease, 4, false);
    await untilWaiting(opened);
    await client.query(tellOfLink, [companyId]);
    return { waiting };
  });

  expect(claimed).toHaveLength(1);
});
