import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBench, limits, type Bench } from './accounting-bench.ts';
import { changesContract } from './accounting-changes.ts';
import { lookupsContract } from './accounting-lookups.ts';
import { mishapsContract } from './accounting-mishaps.ts';
import { newsContract } from './accounting-news.ts';
import { paymentsContract } from './accounting-payments.ts';
import type { AccountingWorld } from './accounting-world.ts';

/** Runs the behaviours every accounting system has; `make` is called once and its world closed at the end. */
export function accountingSystemContract(name: string, make: () => Promise<AccountingWorld>): void {
  describe(`the accounting system ${name}`, () => {
    let world: AccountingWorld | null = null;
    let ready: Bench | null = null;
    const bench = (): Bench => {
      if (ready === null) throw new Error('the bench is not ready');
      return ready;
    };
    beforeAll(async () => {
      world = await make();
      ready = await createBench(world);
    });
    afterAll(() => world?.close());

    changesContract(bench);
    lookupsContract(bench);
    newsContract(bench);
    mishapsContract(bench);
    paymentsContract(bench);

    // Last, since nothing works after it.
    test('ended access is said to be so', async () => {
      const { world, write, send, spelled, numbered } = bench();
      await world.endAccess();

      expect(await world.system.readInvoice('1', limits)).toMatchObject({
        failure: { kind: 'access-lapsed' },
      });
      expect(await send(write('CREATED', spelled(numbered())))).toMatchObject({
        failure: { kind: 'access-lapsed' },
      });
    });
  });
}
