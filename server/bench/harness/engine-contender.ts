import { cloneCompanies, cloneLinks, makeDue } from './clone.ts';
import { openBridge, type BenchBridge } from './bridge.ts';
import { crossOne } from './template.ts';
import type { Contender } from './waiting.ts';

/** Companies the waiting links belong to: as many as one worker process drains at once. */
const companiesOf = 8;

/** The engine with so many links, each of them waiting with one event; whatever settles is made due again afterwards. */
export async function openEngine(
  databaseUrl: string,
  backlog: number,
): Promise<Contender & { readonly bridge: BenchBridge }> {
  const template = await crossOne(databaseUrl);
  const bridge = await openBridge(template, companiesOf);
  const { pool } = bridge;
  await cloneCompanies(pool, template, companiesOf);
  for (let company = 1; company <= companiesOf; company += 1)
    await cloneLinks(pool, template, [company], backlog / companiesOf);
  let round = 0;
  const fill = async (count: number): Promise<void> => {
    for (let left = count; left > 0;) {
      round += 1;
      const made = await makeDue(pool, `${round}-`, left);
      if (made === 0) throw new Error('no settled link is left to make due');
      left -= made;
    }
  };
  await fill(backlog);
  await pool.query('VACUUM ANALYZE');
  return {
    bridge,
    setting: `${companiesOf} companies at once`,
    rate: async (forMs) => {
      const before = bridge.books.writes();
      const rate = await bridge.settledPerSecond(forMs);
      await fill(bridge.books.writes() - before);
      return rate;
    },
    close: bridge.close,
  };
}
