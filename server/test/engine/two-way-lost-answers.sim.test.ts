import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  conflictsOf,
  counterpartOf,
  intentsOf,
  linkOf,
  statusesOf,
  writesOf,
} from '../support/ledger.ts';
import {
  editHere,
  editThere,
  internalIntents,
  internally,
  internalWrites,
  pair,
  type Pair,
} from '../support/pair.ts';

/** Ways to lose the answer of internal invoicing; `arrives` says whether it did what was asked nonetheless. */
const losses = [
  { name: 'the connection drops before it arrives', arrives: false, effect: 'drop-before' },
  { name: 'the connection drops after it arrived', arrives: true, effect: 'drop-after' },
  {
    name: 'it is done and answered 500',
    arrives: true,
    effect: 'fault-after',
    params: { status: 500 },
  },
  {
    name: 'it is done and answered 502 in HTML',
    arrives: true,
    effect: 'fault-after',
    params: { status: 502, body: 'html' },
  },
  { name: 'it is answered 503', arrives: false, effect: 'status', params: { status: 503 } },
] as const;
type Loss = (typeof losses)[number];

const loseNext = ({ world }: Pair, loss: Loss, operation: 'update' | 'void') =>
  world.invoicing.faults([
    {
      match: { operation, entity: 'invoice' },
      effect: loss.effect,
      params: 'params' in loss ? loss.params : {},
      times: 1,
    },
  ]);

/** One mutation, under the id of the one intent, which says how it was settled. */
async function expectOneWrite(both: Pair, loss: Loss, operation: string): Promise<void> {
  const made = (await both.world.invoicing.mutations()).filter(({ actor }) => actor === 'api');
  const intents = await internalIntents(both);
  expect(made.map((mutation) => [mutation.operation, mutation.requestId])).toEqual(
    intents.map(({ id }) => [operation, id]),
  );
  expect(intents).toMatchObject([{ state: 'ACKNOWLEDGED', sent: loss.arrives ? 1 : 2 }]);
  if (loss.arrives)
    expect(intents[0]?.evidence).toBe('it had arrived: internal invoicing shows the change');
  expect(await writesOf(both.world)).toEqual(['Invoice create']);
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
  expect((await attemptsOf(both.world, both.id)).map(({ outcome }) => outcome)).toContain(
    'UNKNOWN',
  );
  expect(await statusesOf(both.world, both.id)).toContain('UNCERTAIN');
  expect(await conflictsOf(both.world, both.id)).toEqual([]);
  expect(await both.world.brokenAudit()).toEqual([]);
}

describe.each(losses)('when internal invoicing is written to and $name', (loss) => {
  test('a change is made once', async () => {
    const both = await pair();
    await loseNext(both, loss, 'update');

    await editThere(both, { CustomerMemo: { value: 'Theirs' }, DueDate: '2027-01-31' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', dueDate: '2027-01-31' });
    await expectOneWrite(both, loss, 'update');
  });

  test('a void is made once', async () => {
    const both = await pair();
    await loseNext(both, loss, 'void');

    await both.world.quickbooks.human({ action: 'void', entity: 'Invoice', id: both.quickbooksId });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ status: 'void' });
    await expectOneWrite(both, loss, 'void');
  });

  test('a write to QuickBooks beside it is made once as well, and both ends agree', async () => {
    const both = await pair();
    await loseNext(both, loss, 'update');
    const match = { operation: 'update', entity: 'Invoice' };
    await both.world.quickbooks.faults([{ match, effect: 'drop-after', times: 1 }]);

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { poNumber: 'PO-1' });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', poNumber: 'PO-1' });
    expect(await counterpartOf(both.world, both.id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
      PONumber: 'PO-1',
    });
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  });
});

test('a change that lands late is waited for, not made again', async () => {
  const both = await pair();
  const match = { operation: 'update', entity: 'invoice' };
  const effect = { effect: 'commit-late', params: { delayMs: 700 }, times: 1 };
  await both.world.invoicing.faults([{ match, ...effect }]);

  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.drainUntilSettled();

  expect(await internalWrites(both)).toEqual(['update']);
  expect(await internalIntents(both)).toMatchObject([{ state: 'ACKNOWLEDGED' }]);
  expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs' });
});

test('what a person changed here while the write was uncertain is not taken for agreed', async () => {
  const both = await pair();
  const match = { operation: 'update', entity: 'invoice' };
  const unread = { match: { operation: 'read', entity: 'invoice' }, effect: 'latency' };
  await both.world.invoicing.faults([
    { match, effect: 'drop-after', times: 1 },
    { ...unread, params: { ms: 400 } },
  ]);
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.told();
  const draining = both.world.drain();
  await expect.poll(() => internalWrites(both)).toEqual(['update']);

  await editHere(both, { poNumber: 'PO-1' });
  await draining;
  await both.world.drainUntilSettled();

  expect(await counterpartOf(both.world, both.id)).toMatchObject({
    CustomerMemo: { value: 'Theirs' },
    PONumber: 'PO-1',
  });
  expect(await internalWrites(both)).toEqual(['update']);
  expect(await conflictsOf(both.world, both.id)).toEqual([]);
});

test('a person who writes first internally is not overwritten: both are read again', async () => {
  const both = await pair();
  const match = { operation: 'update', entity: 'invoice' };
  await both.world.invoicing.faults([{ match, effect: 'stale', times: 1 }]);

  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.drainUntilSettled();

  expect((await attemptsOf(both.world, both.id)).map(({ outcome }) => outcome)).toContain('STALE');
  expect(await internalIntents(both)).toMatchObject([
    { state: 'REFUSED', evidence: 'Refused: Internal invoicing holds a newer version.' },
    { state: 'ACKNOWLEDGED' },
  ]);
  expect(await internalWrites(both)).toEqual(['update']);
});

test('where one of two writes is refused as stale, the other one counts and is not made again', async () => {
  const both = await pair();
  const match = { operation: 'update', entity: 'invoice' };
  await both.world.invoicing.faults([{ match, effect: 'stale', times: 1 }]);

  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { poNumber: 'PO-1' });
  await both.world.drainUntilSettled();

  expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
  expect(await internalWrites(both)).toEqual(['update']);
  // It was answered, so nobody had to look for it.
  const written = (await intentsOf(both.world, both.id)).at(1);
  expect(written).toMatchObject({ state: 'ACKNOWLEDGED', sent: 1, evidence: null });
  expect(await internally(both)).toMatchObject({ customerMemo: 'Theirs', poNumber: 'PO-1' });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await both.world.brokenAudit()).toEqual([]);
});

test('throttled by internal invoicing, it waits and says by whom', async () => {
  const both = await pair();
  const match = { operation: 'update', entity: 'invoice' };
  const params = { status: 429, retryAfter: 60 };
  await both.world.invoicing.faults([{ match, effect: 'status', params, times: 1 }]);

  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.told();
  await both.world.drain();

  expect(await linkOf(both.world, both.id)).toMatchObject({
    reason: 'Internal invoicing asked us to slow down.',
  });
  await both.world.timePasses();
  await both.world.drainUntilSettled();
  expect(await internalWrites(both)).toEqual(['update']);
});

test('every byte was written down before it was sent, under the version it rests on', async () => {
  const both = await pair();

  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await both.world.drainUntilSettled();

  const [intent] = await internalIntents(both);
  expect(intent).toMatchObject({ restsOn: '1', body: '{"customerMemo":"Theirs"}' });
  const [request] = (await both.world.invoicing.requests()).filter(
    ({ method }) => method === 'PATCH',
  );
  expect(request).toMatchObject({ requestId: intent?.id, status: 200 });
});
