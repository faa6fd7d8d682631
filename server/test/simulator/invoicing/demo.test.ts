import { expect, test } from 'vitest';
import { z } from 'zod';
import { Activity } from '../../../simulator/invoicing/activity.ts';
import { demoCompany } from '../../../simulator/invoicing/demo-history.ts';
import { compareAmounts, subtractAmounts, sumAmounts } from '../../../simulator/invoicing/money.ts';
import { Simulator } from '../../../simulator/invoicing/simulator.ts';
import { until } from '../control/until.ts';
import { listenForEvents, startWorld } from './world.ts';

const today = new Date('2026-11-22T10:00:00Z');

function demoSimulator(seed = 'demo'): Simulator {
  const simulator = new Simulator({ dataDir: null, seed });
  simulator.replaceCompany(demoCompany(seed, today));
  return simulator;
}

test('the same seed on the same day gives the same company, another seed another one', () => {
  expect(demoCompany('a', today)).toEqual(demoCompany('a', new Date('2026-11-22T23:00:00Z')));
  expect(demoCompany('a', today).invoices).not.toEqual(demoCompany('b', today).invoices);
});

test('the company has known customers and items and six weeks of invoices in every state', () => {
  const { invoices, customers, items } = demoCompany('demo', today);
  const all = [...invoices.values()].map(({ invoice }) => invoice);

  expect([customers.size, items.size]).toEqual([26, 20]);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['open', 'paid', 'void']));
  expect(all.some(({ payments, status }) => payments.length > 0 && status === 'open')).toBe(true);
  for (const { issueDate, updatedAt } of all) {
    expect(issueDate >= '2026-10-10' && issueDate <= '2026-11-21').toBe(true);
    expect(updatedAt < '2026-11-23').toBe(true);
  }
});

test('every amount of the demo company adds up', () => {
  for (const { invoice } of demoCompany('demo', today).invoices.values()) {
    if (invoice.status === 'void') continue;
    const { lines, payments, subtotal, total, amountPaid, balanceDue, currency } = invoice;
    expect(
      sumAmounts(
        lines.map(({ amount }) => amount),
        currency,
      ),
    ).toBe(subtotal);
    expect(
      sumAmounts(
        payments.map(({ amount }) => amount),
        currency,
      ),
    ).toBe(amountPaid);
    expect(subtractAmounts(total, amountPaid, currency)).toBe(balanceDue);
  }
});

test('a long stream of work does everything people do and never breaks the books', () => {
  const simulator = demoSimulator();
  const activity = new Activity(simulator);
  for (let count = 0; count < 400; count += 1) activity.work();

  const mutations = simulator.company.mutationsAfter(0);
  const kinds = new Set(mutations.map(({ entity, operation }) => `${entity} ${operation}`));
  expect(kinds).toEqual(
    new Set([
      'invoice create',
      'invoice update',
      'invoice void',
      'payment create',
      'customer create',
      'item create',
    ]),
  );
  expect(mutations.length).toBeGreaterThan(380);
  expect(new Set(mutations.map(({ actor }) => actor))).toEqual(new Set(['human']));
  for (const { invoice } of simulator.company.records.invoices.values()) {
    expect(compareAmounts(invoice.balanceDue, '0')).toBeGreaterThanOrEqual(0);
  }
  simulator.close();
});

test('the same seed gives the same stream', () => {
  const stream = () => {
    const simulator = demoSimulator('stream');
    const activity = new Activity(simulator);
    for (let count = 0; count < 30; count += 1) activity.work();
    simulator.close();
    return simulator.company
      .mutationsAfter(0)
      .map(({ entity, id, bodyHash }) => [entity, id, bodyHash]);
  };
  expect(stream()).toEqual(stream());
});

test('the stream never replaces faults that somebody has set', () => {
  const simulator = demoSimulator();
  const own = { match: {}, effect: 'latency', params: { ms: 1 } } as const;
  simulator.faults.replace([own]);
  const activity = new Activity(simulator);
  for (let count = 0; count < 200; count += 1) activity.work();
  expect(simulator.faults.list()).toEqual([own]);
  simulator.close();
});

/** Two seconds as promised (http.md §6), and what a busy machine may add; the slow stream's own pace is half a minute. */
const soonMs = 15_000;

test('the first change comes at once when switched on, and 0 stops it', async () => {
  const world = await startWorld();
  const listener = await listenForEvents();
  await world.control('PUT', 'webhooks', { url: listener.url });

  const startMs = performance.now();
  expect((await world.control('PUT', 'activity', { perMinute: 600 })).body).toEqual({
    perMinute: 600,
  });
  await listener.received(1);
  expect(performance.now() - startMs).toBeLessThan(soonMs);

  await world.control('PUT', 'activity', { perMinute: 0 });
  expect((await world.control('GET', 'activity')).body).toEqual({ perMinute: 0 });
  const quiet = await world.mutations();
  await until('the last event to arrive', () => listener.events.length >= quiet.length - 1);
  expect(await world.mutations()).toEqual(quiet);
});

test('a slow stream starts at once too', async () => {
  const world = await startWorld({ activityPerMinute: 2 });
  const startMs = performance.now();
  await until('the first change', async () => {
    const requestless = z.array(z.unknown()).parse(await world.mutations());
    const { body } = await world.control('GET', 'faults');
    return requestless.length > 0 || JSON.stringify(body).includes('503');
  });
  expect(performance.now() - startMs).toBeLessThan(soonMs);
});
