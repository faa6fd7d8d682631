import { describe, expect, test } from 'vitest';
import { operationNames, table, type Operation } from '../operation-faults/cells.ts';
import { keepResult } from '../support/results.ts';
import { createCrashBench, everySecondDeath, everySingleDeath } from './crashes.ts';

/** `all` for every ordered pair of deaths as well; else one death each (`pnpm crash-matrix` asks for all). */
const isWhole = process.env['CRASH_MATRIX'] === 'all';

/** One of each kind of write on each side in every test run; all fourteen by the command. */
const inEveryRun: readonly Operation[] = ['create', 'update', 'pay', 'import', 'update-internally'];
const runs = isWhole ? describe.concurrent : describe;

runs.each(isWhole ? operationNames : inEveryRun)('%s', (operation) => {
  const { title, side } = table[operation];

  test(
    `${title}, in ${side}: is done once, wherever its worker dies`,
    async () => {
      const bench = await createCrashBench(operation);
      try {
        const deaths = await everySingleDeath(bench);
        expect(deaths.length).toBeGreaterThan(4);
        let pairs = 0;
        if (isWhole)
          for (const first of deaths.keys()) pairs += await everySecondDeath(bench, first + 1);
        await keepResult(`crash-matrix-${operation}`, { operation, deaths: deaths.length, pairs });
      } finally {
        await bench.world.close();
      }
    },
    isWhole ? 1_200_000 : 120_000,
  );
});
