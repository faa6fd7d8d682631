import { expect, test } from 'vitest';
import { createWatermarks } from '#adapters/postgres/watermarks.ts';
import { openStore } from '../support/store.ts';
import { differences } from './replay-on-postgres.ts';
import { seedOf } from './run.ts';

/** Each is lived through in memory in 20 ms, and asked of PostgreSQL again in a second. */
const seeds = Array.from({ length: Number(process.env['REPLAYS'] ?? '4') }, (_, place) =>
  seedOf(place + 1),
);

test(
  'PostgreSQL answers what the rows in memory answered, question by question',
  { timeout: 60_000 + seeds.length * 20_000 },
  async () => {
    let total = 0;
    for (const seed of seeds) {
      const { pool, store, companyId } = await openStore();
      const watermarks = createWatermarks(pool, { announce: () => undefined });
      const { compared, differs } = await differences(seed, { pool, store, watermarks, companyId });
      expect(differs ?? '').toBe('');
      total += compared;
    }
    process.stdout.write(`${total} answers of PostgreSQL compared with those in memory\n`);
    expect(total).toBeGreaterThan(seeds.length * 20);
  },
);
