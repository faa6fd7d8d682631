import { describe, expect, test } from 'vitest';
import type { CallFailure } from '#core/attempt/failure.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
import type { InvoicingWorld, WriteMishap } from './invoicing-world.ts';

const limits = { deadlineMs: 5_000 };

type Create = Extract<
  InvoicingWrite,
  { object: 'Invoice' | 'Customer' | 'Item'; operation: 'CREATED' }
>;

/** How an internal invoicing system takes new documents and records; `created` makes an invoice and answers its id. */
export function invoicingCreatesContract(
  world: () => InvoicingWorld,
  created: () => Promise<string>,
): void {
  let count = 0;
  const createOf = (object: Create['object'], body: string): Create => {
    count += 1;
    return { requestId: `create-${count}`, object, operation: 'CREATED', body };
  };
  const read = async (id: string): Promise<Invoice> => {
    const found = await world().system.readInvoice(id, limits);
    if (!found.ok || 'gone' in found.value) throw new Error(`${id} cannot be read`);
    return found.value.invoice;
  };
  const invoiceOf = async (externalRef: string): Promise<Create> => {
    const model = await read(await created());
    const wanted = { ...model, number: `C-${count}` };
    return createOf(
      'Invoice',
      world().spelling.create(wanted, externalRef, model.derived.taxTotal),
    );
  };
  const sent = async (write: InvoicingWrite): Promise<Written> => {
    const outcome = await world().system.write(write, limits);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value;
  };
  const refused = async (write: InvoicingWrite): Promise<CallFailure> => {
    const outcome = await world().system.write(write, limits);
    if (outcome.ok) throw new Error('it was taken');
    return outcome.failure;
  };
  const madeAs = async (externalRef: string): Promise<readonly string[]> => {
    const found = await world().system.findByExternalRef(externalRef, limits);
    if (!found.ok) throw new Error(JSON.stringify(found.failure));
    return found.value.map(({ invoice }) => invoice.id);
  };
  const named = async (kind: 'CUSTOMER' | 'ITEM', name: string): Promise<readonly string[]> => {
    const listed = await world().system.listReferences(kind, limits);
    if (!listed.ok) throw new Error(JSON.stringify(listed.failure));
    return listed.value.filter((record) => record.name === name).map(({ id }) => id);
  };

  describe('asked to make', () => {
    test('an invoice: answers with it whole, and finds it by its reference', async () => {
      const write = await invoiceOf('quickbooks:1:100');

      const written = await sent(write);

      expect(await madeAs('quickbooks:1:100')).toEqual([written.id]);
      expect(written).toMatchObject({ httpStatus: 201, seen: { invoice: { id: written.id } } });
      expect(written.seen?.invoice).toEqual(await read(written.id));
      expect(written.seen?.invoice.counterpartId).toBe('quickbooks:1:100');
      expect(written.seen?.invoice.lines).toHaveLength(2);
    });

    test('an invoice twice under one request id: makes one, and answers with the first answer', async () => {
      const write = await invoiceOf('quickbooks:1:101');
      const first = await sent(write);
      await world().edit(first.id, { customerMemo: 'Meanwhile' });

      expect(await sent(write)).toEqual(first);
      expect(await madeAs('quickbooks:1:101')).toEqual([first.id]);
    });

    test('an invoice under a reference that is taken: refuses, and names who may be the one meant', async () => {
      const { id } = await sent(await invoiceOf('quickbooks:1:102'));

      const failure = await refused(await invoiceOf('quickbooks:1:102'));

      expect(failure).toMatchObject({ kind: 'refused', mayHaveCommitted: true, existingId: id });
      expect(await madeAs('quickbooks:1:102')).toEqual([id]);
    });

    test('an invoice it cannot hold: refuses for good, naming the field, and makes none', async () => {
      const write = await invoiceOf('quickbooks:1:103');
      const body = JSON.stringify({ ...JSON.parse(write.body), customer: { id: 'nobody' } });

      expect(await refused({ ...write, body })).toMatchObject({
        kind: 'refused',
        reason: 'VALIDATION',
        fault: { element: 'customer.id' },
        mayHaveCommitted: false,
      });
      expect(await madeAs('quickbooks:1:103')).toEqual([]);
    });

    test.each([
      ['lost on its way', 'no-answer', false],
      ['lost on the way back', 'no-answer', true],
      ['an error after it was done', 'no-answer', true],
      ['unavailable', 'no-answer', false],
      ['throttled', 'throttled', false],
      ['refused access', 'access-lapsed', false],
    ] as const satisfies readonly (readonly [WriteMishap, CallFailure['kind'], boolean])[])(
      'an invoice, %s: ends as %s, and the same again makes one',
      async (kind, wanted, arrives) => {
        const externalRef = `quickbooks:1:${kind}`;
        const write = await invoiceOf(externalRef);
        await world().writeMishap(kind, 'create');

        expect(await refused(write)).toMatchObject({ kind: wanted });
        expect(await madeAs(externalRef)).toHaveLength(arrives ? 1 : 0);

        const written = await sent(write);
        expect(await madeAs(externalRef)).toEqual([written.id]);
      },
    );

    test.each([
      ['Customer', 'CUSTOMER', 'displayName'],
      ['Item', 'ITEM', 'name'],
    ] as const)(
      'a %s: makes it once for a request id, and none of a name that is taken',
      async (object, kind, field) => {
        const name = `New ${object}`;
        const { spelling } = world();
        const body =
          object === 'Customer'
            ? spelling.customer({ name, email: 'new@example.com' })
            : spelling.item({ name, sku: 'NEW-1' });
        const write = createOf(object, body);

        const written = await sent(write);

        expect(written).toMatchObject({ name, seen: null, httpStatus: 201 });
        expect(await sent(write)).toEqual(written);
        expect(await named(kind, name)).toEqual([written.id]);
        expect(await refused(createOf(object, body))).toMatchObject({
          kind: 'refused',
          reason: 'VALIDATION',
          fault: { element: field },
        });
      },
    );
  });
}
