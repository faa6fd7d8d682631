import { expect, test } from 'vitest';
import { lineOf, plainInvoice, unknown } from '../support/companies.ts';
import {
  attemptsOf,
  auditOf,
  counterpartOf,
  intentsOf,
  linkOf,
  quickBooksInvoices,
  statusesOf,
  writesOf,
} from '../support/ledger.ts';
import { startWorld, type World } from '../support/world.ts';

/** Ways to lose the answer to a write; `arrives` says whether QuickBooks did it nonetheless. */
const losses = [
  { name: 'the connection drops before QuickBooks has it', arrives: false, effect: 'drop-before' },
  { name: 'the connection drops after QuickBooks has it', arrives: true, effect: 'drop-after' },
  {
    name: 'QuickBooks does it and answers 500',
    arrives: true,
    effect: 'fault-after',
    params: { status: 500 },
  },
  {
    name: 'QuickBooks does it and answers 400 with code 6000',
    arrives: true,
    effect: 'fault-after',
    params: { status: 400, code: '6000' },
  },
  { name: 'QuickBooks answers 503', arrives: false, effect: 'status', params: { status: 503 } },
] as const;
type Loss = (typeof losses)[number];

const onNext = (loss: Loss, operation: string, entity: string) => ({
  match: { operation, entity },
  effect: loss.effect,
  params: 'params' in loss ? loss.params : {},
  times: 1,
});

const isRefusal = (loss: Loss): boolean => 'params' in loss && loss.params.status === 400;

/** What a lost answer must leave behind: one write, one intent that says how it was settled, and a trail that tells it. */
async function expectOneWrite(world: World, id: string, loss: Loss, count: number): Promise<void> {
  const mutations = (await world.quickbooks.mutations()).filter(({ actor }) => actor === 'api');
  const intents = await intentsOf(world, id);
  expect(mutations.map(({ requestId }) => requestId)).toEqual(intents.map((intent) => intent.id));
  expect(mutations).toHaveLength(count);
  const intent = intents.at(-1);
  expect(intent).toMatchObject({ state: 'ACKNOWLEDGED', sent: loss.arrives ? 1 : 2 });
  if (loss.arrives) expect(intent?.evidence).toMatch(/it had arrived/);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
  const outcomes = (await attemptsOf(world, id)).map(({ outcome }) => outcome);
  if (!isRefusal(loss)) {
    expect(outcomes).toContain('UNKNOWN');
    expect(await statusesOf(world, id)).toContain('UNCERTAIN');
  }
  expect(await world.brokenAudit()).toEqual([]);
}

for (const loss of losses) {
  test(`${loss.name}: a create, a change and a void are each done once`, async () => {
    const world = await startWorld();
    await world.quickbooks.faults([onNext(loss, 'create', 'Invoice')]);
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    await world.drainUntilSettled();
    await expectOneWrite(world, id, loss, 1);

    await world.quickbooks.faults([onNext(loss, 'update', 'Invoice')]);
    await world.invoicing.human({ action: 'edit', id, set: { lines: [lineOf('7', '50')] } });
    await world.drainUntilSettled();
    await expectOneWrite(world, id, loss, 2);
    expect(await counterpartOf(world, id)).toMatchObject({ TotalAmt: 378 });

    await world.quickbooks.faults([onNext(loss, 'void', 'Invoice')]);
    await world.invoicing.human({ action: 'void', id });
    await world.drainUntilSettled();
    await expectOneWrite(world, id, loss, 3);

    expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice update', 'Invoice void']);
    expect(await quickBooksInvoices(world)).toHaveLength(1);
  });

  test(`${loss.name}: a customer and an item are each made once`, async () => {
    const world = await startWorld();
    await world.quickbooks.faults([
      onNext(loss, 'create', 'Customer'),
      onNext(loss, 'create', 'Item'),
    ]);
    const invoice = plainInvoice({
      customer: { id: unknown.customer },
      lines: [lineOf('1', '9', { item: { id: unknown.item } })],
    });

    const { id } = await world.invoicing.human({ action: 'create', invoice });
    await world.drainUntilSettled();

    expect(await writesOf(world)).toEqual(['Customer create', 'Item create', 'Invoice create']);
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    const intents = await intentsOf(world, id);
    expect(intents.map(({ object, state }) => `${object} ${state}`)).toEqual([
      'Customer ACKNOWLEDGED',
      'Item ACKNOWLEDGED',
      'Invoice ACKNOWLEDGED',
    ]);
  });
}

test('a create that lands late is adopted, not made again, even where request ids protect from nothing', async () => {
  const world = await startWorld({ commitWaitSeconds: 4 });
  await world.quickbooks.behaviour({
    requestid: 'ignore',
    requestidInFlight: 'execute',
    duplicateDocNumber: 'accept',
  });
  const match = { operation: 'create', entity: 'Invoice' };
  const effect = { effect: 'commit-late', params: { delayMs: 700 }, times: 1 };
  await world.quickbooks.faults([{ match, ...effect }]);

  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await intentsOf(world, id)).toMatchObject([{ state: 'ACKNOWLEDGED', sent: 1 }]);
});

test('even where QuickBooks forgets request ids, a create that arrived is found and not repeated', async () => {
  const world = await startWorld();
  await world.quickbooks.behaviour({ requestid: 'ignore', duplicateDocNumber: 'accept' });
  const match = { operation: 'create', entity: 'Invoice' };
  await world.quickbooks.faults([{ match, effect: 'drop-after', times: 1 }]);

  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();

  expect(await quickBooksInvoices(world)).toHaveLength(1);
});

test('a create that was done and yet answered with 429 is found before another is made', async () => {
  const world = await startWorld();
  await world.quickbooks.behaviour({ duplicateDocNumber: 'accept' });
  const match = { operation: 'create', entity: 'Invoice' };
  const params = { status: 429, retryAfter: 1 };
  await world.quickbooks.faults([{ match, effect: 'fault-after', params, times: 1 }]);

  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();

  expect(await quickBooksInvoices(world)).toHaveLength(1);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('an edit made while a create is uncertain waits for it and then crosses as a change', async () => {
  const world = await startWorld();
  const match = { operation: 'create', entity: 'Invoice' };
  await world.quickbooks.faults([{ match, effect: 'drop-before', times: 1 }]);
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  await world.drain();
  expect(await linkOf(world, id)).toMatchObject({ status: 'UNCERTAIN' });

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Later' } });
  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice update']);
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Later' } });
});

test('what a person changed in QuickBooks while a write was uncertain is not taken for agreed', async () => {
  const world = await startWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  const { Id } = await counterpartOf(world, id);
  const match = { operation: 'update', entity: 'Invoice' };
  const unread = { match: { operation: 'read', entity: 'Invoice' }, effect: 'latency' };
  await world.quickbooks.faults([
    { match, effect: 'drop-after', times: 1 },
    { ...unread, params: { ms: 400 } },
  ]);
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } });
  await world.told();

  const draining = world.drain();
  const theirs = { action: 'edit', entity: 'Invoice', id: Id, set: { DueDate: '2027-01-31' } };
  await expect.poll(() => writesOf(world)).toHaveLength(2);
  await world.quickbooks.human(theirs);
  await draining;
  await world.drainUntilSettled();
  await world.invoicing.human({ action: 'edit', id, set: { poNumber: 'PO-7' } });
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({
    CustomerMemo: { value: 'Ours' },
    DueDate: '2027-01-31',
  });
  // Taken for agreed, it would have stayed there alone.
  expect(await world.invoicing.invoice(id)).toMatchObject({
    customerMemo: 'Ours',
    dueDate: '2027-01-31',
  });
});

test('the audit trail tells how a lost answer was settled', async () => {
  const world = await startWorld();
  const match = { operation: 'create', entity: 'Invoice' };
  await world.quickbooks.faults([{ match, effect: 'drop-after', times: 1 }]);

  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();

  const told = (await auditOf(world, id)).map(({ summary }) => summary);
  expect(told).toContain('No clear answer came; checking with QuickBooks whether it arrived.');
  expect(told).toContain(
    'Created INV-20001 in QuickBooks (1); it had arrived: QuickBooks has it as 1, with our marker.',
  );
});
