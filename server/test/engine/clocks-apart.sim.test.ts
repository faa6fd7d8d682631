import { expect, test } from 'vitest';
import { later } from '#core/brand.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { plainInvoice } from '../support/companies.ts';
import { intentsOf } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test.each([-2, 2])(
  'a create that may still land is not sent again by a machine whose clock is %i hours from that of the one that sent it',
  async (hours) => {
    const world = await startWorld({ commitWaitSeconds: 130 });
    await world.quickbooks.faults([
      {
        match: { operation: 'create', entity: 'Invoice' },
        effect: 'drop-before',
        times: 1,
      },
    ]);
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    await world.told();
    const { clock } = world.engine;
    const apart = { ...clock, now: () => later(clock.now(), hours * 3_600_000) };
    const { signal } = new AbortController();
    await drainCompany({ ...world.engine, clock: apart }, world.companyId, 'elsewhere', signal);

    await world.timePasses();
    await world.drain();
    const sent = async () =>
      (await intentsOf(world, id)).flatMap((intent) =>
        intent.object === 'Invoice' ? [intent.sent] : [],
      );
    expect(await sent()).toEqual([1]);

    await world.commitWaitPasses();
    await world.timePasses();
    await world.drainUntilSettled();
    expect(await sent()).toEqual([2]);
  },
);
