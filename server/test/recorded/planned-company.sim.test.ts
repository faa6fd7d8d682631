import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnectionStates } from '#adapters/postgres/connection-states.ts';
import { checkConnection } from '#sync/check-connection.ts';
import { linkOf } from '../support/ledger.ts';
import {
  approve,
  mutationOf,
  passOf,
  plannedOf,
  planWhole,
  suggestionsOf,
  writtenBy,
} from '../support/planning.ts';
import { createWorld, type World } from '../support/world.ts';
import { internalBooks } from './internal-books.ts';
import { internalForm, internalId } from './internal-form.ts';
import { loadCompany, seedQuickBooks } from './recorded-company.ts';

const company = loadCompany('nango-craigs-2026');
const goLiveDate = '2026-01-01';

/** Five invoices of one customer, day and total: one is left to QuickBooks alone, and each of the others may be it. */
const twins = company.invoices.filter(
  ({ shown }) => shown.TxnDate === '2024-01-15' && shown.TotalAmt === '100',
);
const onlyQuickbooks = twins.slice(0, 1);
/** Every other invoice that no other transaction names: both sides have these when the bridge is connected. */
const onBothSides = company.invoices
  .filter((invoice) => !twins.includes(invoice))
  .filter(({ raw }) => !Array.isArray(raw['LinkedTxn']) || raw['LinkedTxn'].length === 0)
  .filter((_, index) => index % 2 === 0);
const inQuickbooks = [...onBothSides, ...onlyQuickbooks];
const onlyInternal = company.invoices.filter((invoice) => !inQuickbooks.includes(invoice));
const toBeMade = onlyInternal.filter(({ shown }) => shown.TxnDate >= goLiveDate);

let world: World;
let pass: Awaited<ReturnType<typeof planWhole>>;

beforeAll(async () => {
  world = await createWorld({ mode: 'SHADOW', goLiveDate, books: internalBooks(company) });
  const invoices = inQuickbooks.map(({ raw }) => raw);
  await seedQuickBooks(world.quickbooks.url, {
    ...company,
    masters: { ...company.masters, Invoice: invoices },
  });
  for (const { open } of [...onBothSides, ...onlyInternal])
    await world.invoicing.human({ action: 'create', invoice: internalForm(open, company) });
  await world.told();
  pass = await planWhole(world);
}, 120_000);

afterAll(() => world.close());

test('both sides of a recorded company are found well, but for what it says itself', async () => {
  const states = createConnectionStates(world.pool);

  const found = await checkConnection(world.engine, states, world.companyId);

  expect(
    found?.filter(({ state }) => state !== 'OK').map(({ title, state }) => [title, state]),
  ).toEqual([
    ['Invoices keep our numbers', 'DEGRADED'],
    ['Webhooks of QuickBooks', 'DEGRADED'],
  ]);
});

test('what both sides have is linked, document by document, and asks for nothing', async () => {
  expect(onBothSides.length).toBeGreaterThanOrEqual(6);
  for (const { shown } of onBothSides)
    expect(await linkOf(world, internalId(shown)), shown.DocNumber).toMatchObject({
      quickbooksId: shown.Id,
      status: 'IN_SYNC',
    });
});

test('what QuickBooks lacks since the go-live date is planned, each with its recorded total, largest first', async () => {
  const planned = await plannedOf(world, pass.id);

  const expected = toBeMade
    .map(({ open: { DocNumber, TotalAmt } }) => [DocNumber, 'CREATED', null, Number(TotalAmt)])
    .toSorted(([, , , one], [, , , other]) => Number(other) - Number(one));
  expect(
    planned.map(({ number, kind, problem, amount }) => [number, kind, problem, Number(amount)]),
  ).toEqual(expected);
  expect(pass.count).toBe(expected.length);
});

test('what may be one is suggested for a person to say, and is not linked', async () => {
  const suggested = await suggestionsOf(world, pass.id);

  expect(
    suggested.map(({ internalId: id, quickbooksId }) => `${id} ${quickbooksId}`).sort(),
  ).toEqual(
    twins
      .slice(1)
      .map(({ shown }) => `${internalId(shown)} ${twins[0]?.shown.Id}`)
      .sort(),
  );
  for (const { reason } of suggested)
    expect(reason).toMatch(
      /^The same customer, total, date and state; the number is \d+ internally/,
    );
  for (const { shown } of twins.slice(1))
    expect(await linkOf(world, internalId(shown))).toMatchObject({ quickbooksId: null });
});

test('nothing is written before going live, and exactly what was planned after', async () => {
  expect(await writtenBy(world)).toEqual([]);
  const planned = await plannedOf(world, pass.id);

  await approve(world, pass);
  await world.drainUntilSettled();

  expect([...(await writtenBy(world))].sort()).toEqual(planned.map(mutationOf).sort());
  const there = await world.quickbooks.all('Invoice');
  const made = there.filter(({ Id }) => !inQuickbooks.some(({ shown }) => shown.Id === Id));
  expect(
    Object.fromEntries(made.map(({ DocNumber, TotalAmt }) => [DocNumber, Number(TotalAmt)])),
  ).toEqual(
    Object.fromEntries(
      toBeMade.map(({ open: { DocNumber, TotalAmt } }) => [DocNumber, Number(TotalAmt)]),
    ),
  );
  expect(made).toHaveLength(toBeMade.length);
  expect((await plannedOf(world, pass.id)).map(({ problem }) => problem)).toEqual(
    toBeMade.map(() => null),
  );
  expect(await passOf(world, pass.id)).toMatchObject({ status: 'WHOLE' });
  expect(await world.brokenAudit()).toEqual([]);
});
