import { expect, test } from 'vitest';
import { z } from 'zod';
import { deadLettersOf, linkOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editThere, idOf, internally, internalWrites, pair, type Pair } from '../support/pair.ts';

const only = 'Harborview Cafe Supply';

/** A pair whose customer a person changed in QuickBooks to one that internal invoicing lacks. */
async function moved(both: Pair): Promise<string> {
  const { id } = await both.world.quickbooks.human({
    action: 'create',
    entity: 'Customer',
    body: { DisplayName: only, PrimaryEmailAddr: { Address: 'hello@harborview.example' } },
  });
  await editThere(both, { CustomerRef: { value: id } });
  return id;
}

const pairingOf = async ({ world }: Pair, quickbooksId: string) => {
  const rows = await world.rows(
    z.object({
      id: z.string(),
      version: z.number(),
      status: z.string(),
      internalId: z.string().nullable(),
      internalName: z.string().nullable(),
    }),
    `SELECT id, version, status, internal_id AS "internalId", internal_name AS "internalName" FROM reference WHERE quickbooks_id = $1`,
    [quickbooksId],
  );
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (row === undefined) throw new Error('nothing is stored');
  return row;
};

const namedInternally = async ({ world }: Pair, name: string) =>
  z
    .object({ customers: z.array(z.object({ id: z.string(), displayName: z.string() })) })
    .parse(await world.invoicing.state())
    .customers.filter(({ displayName }) => displayName === name);

const refuseMaking = {
  match: { operation: 'create', entity: 'customer' },
  effect: 'status',
  params: { status: 405 },
};

test('a customer that only QuickBooks has is made internally before the invoice names it', async () => {
  const both = await pair();
  const id = await moved(both);
  await both.world.drainUntilSettled();

  expect(await internally(both)).toMatchObject({
    customer: { displayName: only, email: 'hello@harborview.example' },
  });
  expect(await internalWrites(both)).toEqual(['create', 'update']);
  expect(await pairingOf(both, id)).toMatchObject({ status: 'MATCHED', internalName: only });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await both.world.brokenAudit()).toEqual([]);
});

test.each(['drop-before', 'drop-after', 'fault-after'])(
  'it is made once though the answer is lost by %s',
  async (effect) => {
    const both = await pair();
    await both.world.invoicing.faults([
      { match: { operation: 'create', entity: 'customer' }, effect, times: 1 },
    ]);
    await moved(both);
    await both.world.drainUntilSettled();

    expect(await namedInternally(both, only)).toHaveLength(1);
    expect(await internalWrites(both)).toEqual(['create', 'update']);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  },
);

test('where the system does not let it be made, it waits for a person and goes on when paired', async () => {
  const both = await pair();
  await both.world.invoicing.faults([refuseMaking]);
  const id = await moved(both);
  await both.world.drainUntilSettled();

  expect(await deadLettersOf(both.world, both.id)).toMatchObject([
    {
      status: 'OPEN',
      reason: 'MISSING_REFERENCE',
      explanation: `Customer “${only}” exists in QuickBooks only, and internal invoicing does not let the bridge make it.`,
    },
  ]);
  const reference = await pairingOf(both, id);
  expect(reference).toMatchObject({ status: 'MISSING', internalId: null });

  await operatorOf(both.world).mapReference({
    referenceId: reference.id,
    expectedVersion: reference.version,
    counterpartId: 'cus_9',
  });
  await both.world.drain();
  await both.world.drainUntilSettled();

  expect(await internally(both)).toMatchObject({ customer: { id: 'cus_9' } });
  expect(await pairingOf(both, id)).toMatchObject({
    id: reference.id,
    status: 'MATCHED',
    internalId: 'cus_9',
    internalName: 'Kestrel Boat Yard',
  });
  expect(await deadLettersOf(both.world, both.id)).toMatchObject([{ status: 'SUPERSEDED' }]);
});

test('a pairing with an internal record that is not there is taken back, and says so', async () => {
  const both = await pair();
  await both.world.invoicing.faults([refuseMaking]);
  const id = await moved(both);
  await both.world.drainUntilSettled();
  const { id: referenceId, version } = await pairingOf(both, id);

  const counterpartId = 'cus_404';
  await operatorOf(both.world).mapReference({
    referenceId,
    expectedVersion: version,
    counterpartId,
  });
  await both.world.drain();
  await both.world.drainUntilSettled();

  expect(await pairingOf(both, id)).toMatchObject({ status: 'MISSING', internalId: null });
  expect((await deadLettersOf(both.world, both.id)).at(-1)).toMatchObject({
    status: 'OPEN',
    explanation: `Customer “${only}” was paired with cus_404, but internal invoicing has no such record.`,
  });
  expect(await internalWrites(both)).toEqual([]);
});

test('a sub-customer is one of its own internally, under its whole name', async () => {
  const both = await pair();
  const parent = await idOf(both.world, 'Customer', 'Bluebird Bakery');
  const { id } = await both.world.quickbooks.human({
    action: 'create',
    entity: 'Customer',
    body: { DisplayName: 'Dock kiosk', ParentRef: { value: parent }, Job: true },
  });
  await editThere(both, { CustomerRef: { value: id } });
  await both.world.drainUntilSettled();

  expect(await internally(both)).toMatchObject({
    customer: { displayName: 'Bluebird Bakery:Dock kiosk' },
  });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
});
