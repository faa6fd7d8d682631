import { expect, test } from 'vitest';
import { z } from 'zod';
import { drainCompany } from '#sync/drain-company.ts';
import { answerBell } from '#sync/work.ts';
import { adjustableClock } from '../support/clock.ts';
import { lineOf, plainInvoice, smallBooks, unknown } from '../support/companies.ts';
import {
  attemptsOf,
  counterpartOf,
  deadLettersOf,
  eventsOf,
  intentsOf,
  linkOf,
  writesOf,
} from '../support/ledger.ts';
import { startWorld, type World } from '../support/world.ts';

const companyRow = z.object({
  status: z.string(),
  throttledMs: z.number().nullable(),
  breakerMs: z.number().nullable(),
});

async function companyOf(world: World): Promise<z.output<typeof companyRow>> {
  const [row] = await world.rows(
    companyRow,
    `SELECT status, (extract(epoch FROM throttled_until - clock_timestamp()) * 1000)::float8 AS "throttledMs",
       (extract(epoch FROM breaker_open_until - clock_timestamp()) * 1000)::float8 AS "breakerMs" FROM company`,
  );
  if (row === undefined) throw new Error('the company is gone');
  return row;
}

async function created(world: World, more: object = {}): Promise<string> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });
  await world.told();
  return id;
}

const once = (operation: string, params: object, times = 1) => ({
  match: { operation, entity: 'Invoice' },
  effect: 'status',
  params,
  times,
});

test('throttled with a time to wait, it waits that long, spends no attempt and writes once', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([once('create', { status: 429, retryAfter: 2 })]);
  const id = await created(world);

  await world.drain();
  const { throttledMs } = await companyOf(world);
  expect(throttledMs).toBeGreaterThan(1_000);
  expect(throttledMs).toBeLessThanOrEqual(2_000);
  await world.drain();
  expect(await writesOf(world)).toEqual([]);
  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect((await attemptsOf(world, id)).map(({ outcome }) => outcome)).toEqual([
    'THROTTLED',
    'SUCCEEDED',
  ]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
});

test('while QuickBooks throttles, the bell is rung for the end of it and not before', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([once('create', { status: 429, retryAfter: 30 })]);
  await created(world);
  const rings: (number | undefined)[] = [];
  const doorbell = { ring: (_company: unknown, afterMs?: number) => void rings.push(afterMs) };

  const { signal } = new AbortController();
  await answerBell(world.engine, doorbell, 'test-worker', world.companyId, signal);

  expect(rings).toHaveLength(1);
  expect(rings[0]).toBeGreaterThan(25_000);
});

test('a new company that QuickBooks says nothing of is not asked again at once', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([
    { match: { operation: 'read' }, effect: 'status', params: { status: 429, retryAfter: 30 } },
  ]);
  await created(world);

  expect(await world.drain()).toBe('empty');
  expect(await world.engine.store.nextDueInMs(world.companyId)).toBeGreaterThan(25_000);
  await world.quickbooks.faults([]);
  await world.timePasses();
  await world.drainUntilSettled();
});

test('throttled without a time to wait, it waits a minute', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([once('create', { status: 429 })]);
  const id = await created(world);

  await world.drain();

  const { throttledMs } = await companyOf(world);
  expect(throttledMs).toBeGreaterThan(55_000);
  expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING', failures: 0 });
  await world.timePasses();
  await world.drainUntilSettled();
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('a refusal stops the invoice with plain words and the fix; a newer edit crosses and heals it', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([once('create', { status: 400, code: '6070' })]);
  const id = await created(world);

  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      status: 'OPEN',
      reason: 'VALIDATION',
      explanation: 'QuickBooks refused the invoice as it is, so nothing was written.',
      code: '6070',
    },
  ]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
  expect(await eventsOf(world, id)).toMatchObject([{ stage: 'DEAD_LETTERED', ended: true }]);

  await world.invoicing.human({ action: 'edit', id, set: { lines: [lineOf('1', '1')] } });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('a number that another QuickBooks invoice has stops it, and a new number heals it', async () => {
  const world = await startWorld();
  const theirs = await world.quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      DocNumber: 'INV-20001',
      CustomerRef: { value: '1' },
      Line: [{ Amount: 5, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: {} }],
    },
  });
  const id = await created(world);

  await world.drainUntilSettled();
  expect(await deadLettersOf(world, id)).toMatchObject([
    { status: 'OPEN', reason: 'DUPLICATE_NUMBER', code: '6140' },
  ]);
  await world.invoicing.human({ action: 'edit', id, set: { number: 'INV-20001-B' } });
  await world.drainUntilSettled();

  const made = await counterpartOf(world, id);
  expect(made.Id).not.toBe(theirs.id);
  expect(made.DocNumber).toBe('INV-20001-B');
});

test('nothing dated inside closed books is sent; a later date heals it', async () => {
  const world = await startWorld();
  await world.quickbooks.human({ action: 'close-books', through: '2026-11-30' });
  const id = await created(world, { issueDate: '2026-11-20' });

  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    { status: 'OPEN', reason: 'PERIOD_CLOSED', explanation: expect.stringContaining('2026-11-30') },
  ]);
  expect(await intentsOf(world, id)).toEqual([]);
  const sent = (await world.quickbooks.requests()).filter(({ method }) => method === 'POST');
  expect(sent.filter(({ path }) => path.endsWith('/invoice'))).toEqual([]);

  await world.invoicing.human({ action: 'edit', id, set: { issueDate: '2026-12-01' } });
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('books closed after the company was read are refused by QuickBooks and said so', async () => {
  const world = await startWorld();
  const before = await created(world);
  await world.drainUntilSettled();
  await world.quickbooks.human({ action: 'close-books', through: '2026-11-30' });

  await world.invoicing.human({ action: 'edit', id: before, set: { lines: [lineOf('9', '9')] } });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, before)).toMatchObject([
    { status: 'OPEN', reason: 'PERIOD_CLOSED' },
  ]);
  expect(await counterpartOf(world, before)).toMatchObject({ TotalAmt: 108 });
});

test('an item that could be two records in QuickBooks waits for a person, by name', async () => {
  const world = await startWorld();
  for (const name of ['Harbor', 'Marina']) {
    const category = await world.quickbooks.human({
      action: 'create',
      entity: 'Item',
      body: { Name: name, Type: 'Category' },
    });
    await world.quickbooks.human({
      action: 'create',
      entity: 'Item',
      body: {
        Name: 'Mooring Fee',
        Type: 'Service',
        SubItem: true,
        ParentRef: { value: category.id },
        IncomeAccountRef: { value: '1' },
      },
    });
  }

  const id = await created(world, { lines: [lineOf('1', '5', { item: { id: unknown.item } })] });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      status: 'OPEN',
      reason: 'MISSING_REFERENCE',
      explanation: 'Item “Mooring Fee” could be 2 records in QuickBooks.',
    },
  ]);
  expect((await writesOf(world)).filter((write) => write === 'Item create')).toEqual([]);
});

test('a tax code that QuickBooks has not waits for a person and heals when it is mapped by an edit', async () => {
  const taxCodes = [...smallBooks.taxCodes, { id: 'ATLANTIS', name: 'Atlantis', percent: '3' }];
  const world = await startWorld({ books: { ...smallBooks, taxCodes } });

  const id = await created(world, { lines: [lineOf('1', '5', { taxCode: 'ATLANTIS' })] });
  await world.drainUntilSettled();
  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      reason: 'MISSING_REFERENCE',
      explanation: 'Tax code “ATLANTIS” has no counterpart in QuickBooks.',
    },
  ]);

  await world.invoicing.human({ action: 'edit', id, set: { lines: [lineOf('1', '5')] } });
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a company that makes no records lets the invoice wait for its customer', async () => {
  const world = await startWorld();
  await world.pool.query('UPDATE company SET create_missing_references = false');

  const id = await created(world, { customer: { id: unknown.customer } });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    { explanation: 'Customer “Kestrel Boat Yard” has no counterpart in QuickBooks.' },
  ]);
  expect(await writesOf(world)).toEqual([]);
});

test('an access token that grew old is renewed and nobody notices', async () => {
  const world = await startWorld();
  await world.quickbooks.advance(2 * 3_600_000);

  const id = await created(world);
  await world.drainUntilSettled();

  expect((await attemptsOf(world, id)).map(({ outcome }) => outcome)).toEqual(['SUCCEEDED']);
});

test('access that was taken away stops the company and burns nothing; reconnecting goes on', async () => {
  const world = await startWorld();
  await created(world);
  await world.drainUntilSettled();
  await world.quickbooks.disconnect();
  const ids = [await created(world), await created(world)];

  await world.drain();
  expect(await companyOf(world)).toMatchObject({ status: 'NEEDS_RECONNECT' });
  expect(await world.drain()).toBe('not-ours');
  for (const id of ids) {
    expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING', failures: 0 });
    expect(await deadLettersOf(world, id)).toEqual([]);
  }

  await world.connect();
  await world.drainUntilSettled();
  expect(await writesOf(world)).toHaveLength(3);
});

/** As if other invoices had crossed meanwhile: it is this one that fails, not the company. */
const othersCross = (world: World) =>
  world.pool.query(
    'UPDATE company SET breaker_failures = 0, breaker_open_until = NULL, breaker_probing = false',
  );

test('twelve failures over more than an hour end in a dead letter; twelve in minutes do not', async () => {
  const clock = adjustableClock();
  const world = await startWorld({ clock });
  await world.invoicing.faults([
    { match: { operation: 'read' }, effect: 'status', params: { status: 500 } },
  ]);
  const id = await created(world);

  const fail = async (times: number, apartMs: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      clock.advance(apartMs);
      await world.timePasses();
      await othersCross(world);
      await world.drain();
    }
  };
  await fail(12, 60_000);
  expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING', failures: 12 });
  expect(await deadLettersOf(world, id)).toEqual([]);

  await fail(1, 3_600_000);
  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      reason: 'RETRIES_EXHAUSTED',
      explanation: expect.stringMatching(/^It failed 13 times over more than an hour/),
    },
  ]);

  await world.invoicing.faults([]);
  await world.timePasses();
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Again' } });
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
});

test('a bug of ours stops one invoice and leaves the others alone', async () => {
  const world = await startWorld();
  const broken = await created(world, { poNumber: 'BROKEN' });
  const sound = await created(world);
  const { spelling } = world.engine.sides;
  const sides = {
    ...world.engine.sides,
    spelling: {
      ...spelling,
      create: (...given: Parameters<typeof spelling.create>) => {
        if (given[0].poNumber === 'BROKEN') throw new TypeError('a planted bug');
        return spelling.create(...given);
      },
    },
  };

  const { signal } = new AbortController();
  await drainCompany({ ...world.engine, sides }, world.companyId, 'test-worker', signal);

  expect(await deadLettersOf(world, broken)).toMatchObject([{ reason: 'MAPPING', status: 'OPEN' }]);
  expect(await linkOf(world, sound)).toMatchObject({ status: 'IN_SYNC' });
  expect(world.logged).toContainEqual(
    expect.objectContaining({ level: 'error', fact: 'a crossing failed by our own fault' }),
  );
});
