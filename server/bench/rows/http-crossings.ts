import { plainInvoice } from '../../test/support/companies.ts';
import { createWorld } from '../../test/support/world.ts';
import { roundsOf, spreadOf } from '../harness/rounds.ts';
import type { Row } from '../harness/row.ts';

const invoices = 60;

export const httpCrossings: Row = {
  number: '4a',
  name: 'http-crossings',
  title: 'The same through node-quickbooks and HTTP against the simulators',
  method: `${invoices} settled invoices of one company are edited and drained, ${roundsOf} times; one engine, both simulators in the same process, four links at a time as one company gets, QuickBooks' pace out of the way.`,
  measure: async (stage) => {
    const database = { url: await stage.database(), drop: async () => {} };
    const world = await createWorld({ database });
    try {
      const made = await Promise.all(
        Array.from({ length: invoices }, () =>
          world.invoicing.human({ action: 'create', invoice: plainInvoice() }),
        ),
      );
      await world.drainUntilSettled(120_000);
      const rates: number[] = [];
      for (let round = 0; round < roundsOf; round += 1) {
        await Promise.all(
          made.map(({ id }) =>
            world.invoicing.human({ action: 'edit', id, set: { customerMemo: `Round ${round}` } }),
          ),
        );
        await world.told();
        const startedAt = performance.now();
        await world.drain();
        rates.push((invoices / (performance.now() - startedAt)) * 1_000);
      }
      return [
        {
          what: 'Crossings a second through HTTP and both simulators',
          goal: null,
          value: spreadOf(rates),
          unit: '/s',
          detail: `${invoices} edits of one company a round`,
        },
      ];
    } finally {
      await world.close();
    }
  },
};
