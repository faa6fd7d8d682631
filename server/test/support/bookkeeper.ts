import { expect } from 'vitest';
import { z } from 'zod';
import { until } from '../simulator/control/until.ts';
import { lineOf, plainInvoice } from './companies.ts';
import { quickBooksInvoices } from './ledger.ts';
import type { World } from './world.ts';

/** A bookkeeper who makes ten changes at a time: new invoices, and edits and a void of those made the time before. */
export function bookkeeper(world: World): () => Promise<void> {
  let earlier: readonly string[] = [];
  const create = async (): Promise<string> =>
    (await world.invoicing.human({ action: 'create', invoice: plainInvoice() })).id;
  const change = async (id: string, place: number): Promise<void> => {
    const lines = [lineOf(String(place + 3), '41.5')];
    const action = place === 4 ? { action: 'void', id } : { action: 'edit', id, set: { lines } };
    await world.invoicing.human(action);
  };
  return async () => {
    const made: string[] = [];
    const newOnes = earlier.length === 0 ? 10 : 5;
    for (let count = 0; count < newOnes; count += 1) made.push(await create());
    for (const [place, id] of earlier.entries()) await change(id, place);
    earlier = made.slice(-5);
  };
}

const internalInvoice = z.object({ id: z.string(), status: z.string(), total: z.string() });

/** Both books agree, nothing was done twice, and everything that was done had been written down. */
export async function expectBooksToAgree(world: World): Promise<void> {
  const invoices = z.array(internalInvoice).parse((await world.invoicing.state())['invoices']);
  const theirs = await quickBooksInvoices(world);
  const byMarker = Map.groupBy(theirs, ({ PrivateNote = '' }) =>
    PrivateNote.slice(PrivateNote.indexOf('LedgerBridge ')),
  );
  for (const { id, status, total } of invoices) {
    const copies = byMarker.get(`LedgerBridge ${id}`) ?? [];
    expect(copies.length, `copies of ${id} (${status})`).toBeLessThanOrEqual(1);
    const [copy] = copies;
    if (status === 'void') expect(copy?.TotalAmt ?? 0, id).toBe(0);
    else expect(copy?.TotalAmt, id).toBe(Number(total));
  }
  expect(theirs.length).toBeLessThanOrEqual(invoices.length);

  const mutations = (await world.quickbooks.mutations()).map(({ requestId }) => requestId ?? '');
  expect(new Set(mutations).size).toBe(mutations.length);
  const intents = await world.rows(
    z.object({ id: z.string() }),
    `SELECT id FROM intent WHERE state = 'ACKNOWLEDGED'`,
  );
  const acknowledged = intents.map(({ id }) => id);
  expect(sorted(mutations)).toEqual(sorted(acknowledged));

  const statuses = await world.rows(z.object({ status: z.string() }), 'SELECT status FROM link');
  for (const { status } of statuses) expect(['IN_SYNC', 'UNLINKED']).toContain(status);
  expect(await world.brokenAudit()).toEqual([]);
}

const sorted = (texts: readonly string[]) =>
  texts.toSorted((one, other) => one.localeCompare(other));

/** Two busy cores may have many other things to do. */
const busyMsMax = 90_000;

/** Waits until the worker is in the middle of work that began after this was called. */
export async function untilBusy(world: World, writes: number): Promise<void> {
  const { length } = await world.quickbooks.mutations();
  await until(
    'writes to be made',
    async () => (await world.quickbooks.mutations()).length >= length + writes,
    busyMsMax,
  );
}
