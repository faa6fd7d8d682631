import { z } from 'zod';
import { createInvoicingSystem } from '../../../src/adapters/invoicing-http/invoicing-system.ts';
import { invoicingSpelling } from '../../../src/adapters/invoicing-http/spelling.ts';
import { createInvoicingSimulator } from '../../../simulator/invoicing/server.ts';
import { invoicingSystemContract } from '../../contracts/invoicing-system.ts';
import type { InvoicingWorld, Mishap, WriteMishap } from '../../contracts/invoicing-world.ts';
import { invoicingSide } from '../../support/simulators.ts';
import { realClock } from '../quickbooks/doubles.ts';

/** The faults of http.md §5 that are these mishaps. */
const rules = {
  lost: { effect: 'drop-before' },
  error: { effect: 'status', params: { status: 500 } },
  throttled: { effect: 'status', params: { status: 429, retryAfter: 7 } },
  unavailable: { effect: 'status', params: { status: 503, retryAfter: 7 } },
  'refused access': { effect: 'status', params: { status: 401 } },
} as const satisfies Record<Mishap, object>;

const writeRules = {
  'lost on its way': { effect: 'drop-before' },
  'lost on the way back': { effect: 'drop-after' },
  'an error after it was done': { effect: 'fault-after', params: { status: 500 } },
  unavailable: { effect: 'status', params: { status: 503, retryAfter: 7 } },
  throttled: { effect: 'status', params: { status: 429, retryAfter: 7 } },
  'refused access': { effect: 'status', params: { status: 401 } },
} as const satisfies Record<WriteMishap, object>;

const state = z.object({
  customers: z.array(z.object({ id: z.string() })),
  items: z.array(z.object({ id: z.string() })),
});

async function overHttp(): Promise<InvoicingWorld> {
  const simulator = await createInvoicingSimulator();
  const side = invoicingSide(simulator.url);
  const { customers, items } = state.parse(await side.state());
  const line = { item: { id: items[0]?.id }, quantity: '2', unitPrice: '10.50', taxCode: 'NON' };
  const act = async (action: object): Promise<void> => {
    await side.human(action);
  };
  return {
    system: createInvoicingSystem({
      baseUrl: simulator.url,
      guard: null,
      token: 'simulator-invoicing-token',
      clock: realClock,
    }),
    spelling: invoicingSpelling,
    create: async (number, externalRef) => {
      const invoice = {
        number,
        externalRef,
        currency: 'USD',
        customer: { id: customers[0]?.id },
        issueDate: '2026-11-20',
        lines: [line, { ...line, item: null, description: 'Second', quantity: '1' }],
      };
      return (await side.human({ action: 'create', invoice })).id;
    },
    edit: (id, set) => act({ action: 'edit', id, set }),
    pay: (id, amount) => act({ action: 'pay', id, amount }),
    void: (id) => act({ action: 'void', id }),
    remove: (id) => act({ action: 'delete', id }),
    mishap: async (kind) => {
      await side.faults([{ match: { operation: 'read' }, times: 1, ...rules[kind] }]);
    },
    writeMishap: async (kind, operation = 'update') => {
      await side.faults([{ match: { operation }, times: 1, ...writeRules[kind] }]);
    },
    close: () => simulator.close(),
  };
}

invoicingSystemContract('over HTTP', overHttp);
