import { onTestFinished } from 'vitest';
import { createPool } from '#adapters/postgres/pool.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { systemIds } from '#adapters/system/ids.ts';
import { toCompanyId } from '#core/brand.ts';
import type { Lease } from '#ports/store.ts';
import { createTestDatabase } from '../database.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The store on a database of its own with one active company; closed when the test is over. */
export async function openStore() {
  const database = await createTestDatabase();
  const pool = createPool(database.url, quiet);
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  const store = createStore(pool, { announce: () => {} }, systemIds);
  const companyId = toCompanyId(systemIds.next());
  await pool.query(
    `INSERT INTO company (id, name, status, mode, realm_id, invoicing_base_url, invoicing_token, invoicing_webhook_secret)
     VALUES ($1, 'Acme', 'ACTIVE', 'LIVE', '1', 'http://127.0.0.1:9', '', '')`,
    [companyId],
  );
  const held = async (holder = 'worker', ttlMs = 60_000): Promise<Lease> => {
    const lease = await store.acquireLease(companyId, holder, ttlMs);
    if (lease === null) throw new Error('somebody holds the lease');
    return lease;
  };
  return { store, pool, companyId, held };
}
