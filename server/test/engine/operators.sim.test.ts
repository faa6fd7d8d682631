import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Direction } from '#core/event/event.ts';
import { plainInvoice } from '../support/companies.ts';
import {
  counterpartOf,
  deadLettersOf,
  eventsOf,
  intentsOf,
  linkOf,
  writesOf,
} from '../support/ledger.ts';
import { paymentWrites, payHere } from '../support/money.ts';
import { operatorOf } from '../support/operator.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';
import { startWorld, type World } from '../support/world.ts';

const refusal = (operation: string, times = 1) => ({
  match: { operation, entity: 'Invoice' },
  effect: 'status',
  params: { status: 400, code: '6070' },
  times,
});

async function created(world: World, more: object = {}): Promise<string> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });
  await world.told();
  return id;
}

/** An invoice on both sides. */
async function pair(world: World): Promise<string> {
  const id = await created(world);
  await world.drainUntilSettled();
  return id;
}

const version = z.object({ version: z.number() });

async function versionOf(world: World, table: 'link' | 'dead_letter' | 'company', id: string) {
  const [row] = await world.rows(version, `SELECT version FROM ${table} WHERE id = $1`, [id]);
  if (row === undefined) throw new Error(`no ${table} ${id}`);
  return row.version;
}

/** Sends the newest dead letter of an invoice round again. */
async function replay(world: World, internalId: string): Promise<string> {
  const letter = (await deadLettersOf(world, internalId)).at(-1);
  if (letter === undefined) throw new Error('nothing died');
  const { eventId } = await operatorOf(world).replayDeadLetter({
    deadLetterId: letter.id,
    expectedVersion: await versionOf(world, 'dead_letter', letter.id),
    confirmInvoiceNumber: null,
  });
  return eventId ?? '';
}

async function pause(world: World, internalId: string, paused: boolean): Promise<void> {
  const { id } = await linkOf(world, internalId);
  const expectedVersion = await versionOf(world, 'link', id);
  await operatorOf(world).setInvoicePaused({ invoiceId: id, expectedVersion, paused });
}

async function pauseCompany(world: World, directions: readonly Direction[]): Promise<void> {
  const { companyId } = world;
  const expectedVersion = await versionOf(world, 'company', companyId);
  await operatorOf(world).setCompanyPaused({ companyId, expectedVersion, directions, note: null });
}

test('a replay carries the invoice across, once, and its dead letter ends as replayed', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([refusal('create')]);
  const id = await created(world);
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });

  await replay(world, id);
  expect(await linkOf(world, id)).toMatchObject({
    status: 'PENDING',
    reason: 'Sent round again by Dana. The same data would be refused again; correct it first.',
  });
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYED' }]);
  expect((await eventsOf(world, id)).map(({ stage }) => stage)).toEqual([
    'DEAD_LETTERED',
    'SETTLED',
  ]);
  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await world.brokenAudit()).toEqual([]);
});

test('a replay that has to wait stays under way, and ends when the invoice crossed', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([
    refusal('create'),
    {
      match: { operation: 'create', entity: 'Invoice' },
      effect: 'status',
      params: { status: 429, retryAfter: 30 },
      times: 1,
    },
  ]);
  const id = await created(world);
  await world.drain();

  await replay(world, id);
  await world.drain();

  expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING' });
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYING' }]);
  await world.timePasses();
  await world.drainUntilSettled();
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYED' }]);
});

test('a replay that dies again leaves a new dead letter in the place of the old one', async () => {
  const world = await startWorld();
  await world.quickbooks.faults([refusal('create', 2)]);
  const id = await created(world);
  await world.drainUntilSettled();

  await replay(world, id);
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    { status: 'SUPERSEDED' },
    { status: 'OPEN' },
  ]);
  const told = await world.rows(
    z.object({ type: z.string() }),
    `SELECT type FROM stream_event WHERE type IN ('DEAD_LETTERED', 'DEAD_LETTER_CHANGED') ORDER BY seq`,
  );
  expect(told.map(({ type }) => type)).toEqual([
    'DEAD_LETTERED',
    'DEAD_LETTER_CHANGED', // the replay
    'DEAD_LETTER_CHANGED', // its end
    'DEAD_LETTERED',
  ]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
});

test('compared now and found equal, the invoice is left alone and its event says so', async () => {
  const world = await startWorld();
  const id = await pair(world);
  const before = (await world.quickbooks.requests()).length;

  const { id: invoiceId } = await linkOf(world, id);
  await operatorOf(world).syncInvoiceNow({ invoiceId });
  await world.drainUntilSettled();

  const event = (await eventsOf(world, id)).at(-1);
  expect(event).toMatchObject({ kind: 'OTHER', stage: 'SKIPPED', ended: true });
  expect(event?.history.at(-1)?.note).not.toBeNull();
  const asked = (await world.quickbooks.requests()).slice(before);
  expect(asked.filter(({ method }) => method === 'GET').length).toBeGreaterThan(0);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('compared now, an edit that nobody told of goes across', async () => {
  const world = await startWorld();
  const id = await pair(world);
  await world.invoicing.webhooks({ drop: 1 });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Untold' } });
  await world.drainUntilSettled();
  expect(await counterpartOf(world, id)).not.toMatchObject({ CustomerMemo: { value: 'Untold' } });

  const { id: invoiceId } = await linkOf(world, id);
  await operatorOf(world).syncInvoiceNow({ invoiceId });
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Untold' } });
});

test('an event sent round again is compared anew and writes nothing twice', async () => {
  const world = await startWorld();
  const id = await pair(world);
  const [told] = await eventsOf(world, id);

  await operatorOf(world).replayEvent({ eventId: told?.id ?? '', note: 'To be sure.' });
  await world.drainUntilSettled();

  expect((await eventsOf(world, id)).map(({ stage }) => stage)).toEqual(['SETTLED', 'SKIPPED']);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('while an invoice is paused its changes wait, and the restart carries them across', async () => {
  const world = await startWorld();
  const id = await pair(world);
  await pause(world, id, true);

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Later' } });
  await world.told();
  expect(await world.drain()).toBe('empty');
  expect(await linkOf(world, id)).toMatchObject({ status: 'PAUSED' });
  expect(await world.engine.store.nextDueInMs(world.companyId)).not.toBe(0);

  await pause(world, id, false);
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Later' } });
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a pause does not stop the settling of a write whose outcome is open', async () => {
  const world = await startWorld();
  const id = await created(world);
  await world.quickbooks.faults([
    { match: { operation: 'create', entity: 'Invoice' }, effect: 'drop-after', times: 1 },
    // The reference has been looked up by then; the look for the lost invoice is put off.
    {
      match: { operation: 'query', entity: 'Invoice' },
      effect: 'status',
      params: { status: 429, retryAfter: 30 },
    },
  ]);
  await world.drain();
  expect(await intentsOf(world, id)).toMatchObject([{ state: 'UNCERTAIN' }]);
  await pause(world, id, true);
  await pauseCompany(world, ['TO_QUICKBOOKS', 'TO_INTERNAL']);

  await world.quickbooks.faults([]);
  await world.timePasses();
  await world.drain();

  expect(await intentsOf(world, id)).toMatchObject([{ state: 'ACKNOWLEDGED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'PAUSED', quickbooksId: '1' });
  expect(await writesOf(world)).toEqual(['Invoice create']);
  await pause(world, id, false);
  await pauseCompany(world, []);
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('a paused direction makes no new plan, and its restart carries across what waited', async () => {
  const world = await startWorld();
  const id = await pair(world);
  await pauseCompany(world, ['TO_QUICKBOOKS']);

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Later' } });
  await world.told();
  expect(await world.drain()).toBe('empty');
  expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING' });

  await pauseCompany(world, []);
  await world.drainUntilSettled();
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Later' } });
});

test('a change of QuickBooks leads to no write to QuickBooks while that direction is paused', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const id = await pair(world);
  const { Id } = await counterpartOf(world, id);
  await pauseCompany(world, ['TO_QUICKBOOKS']);
  await world.invoicing.webhooks({ drop: 1 });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Untold' } });
  await world.quickbooks.human({
    action: 'edit',
    entity: 'Invoice',
    id: Id,
    set: { DueDate: '2026-12-31' },
  });
  await world.told();

  await world.drain();
  expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);
  expect(await linkOf(world, id)).toMatchObject({
    status: 'PENDING',
    reason: 'Writing to QuickBooks is paused for this company; it goes on after the restart.',
  });

  await pauseCompany(world, []);
  await world.timePasses();
  await world.drainUntilSettled();
  expect(await counterpartOf(world, id)).toMatchObject({
    CustomerMemo: { value: 'Untold' },
    DueDate: '2026-12-31',
  });
});

test('what was discarded stays as it is on both sides, and only a later change crosses', async () => {
  const world = await startWorld();
  const id = await pair(world);
  await world.quickbooks.faults([refusal('update')]);
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Refused' } });
  await world.drainUntilSettled();
  const [letter] = await deadLettersOf(world, id);
  if (letter === undefined) throw new Error('nothing died');

  await operatorOf(world).discardDeadLetter({
    deadLetterId: letter.id,
    expectedVersion: 1,
    reason: 'The memo does not matter.',
  });
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  const { id: invoiceId } = await linkOf(world, id);
  await operatorOf(world).syncInvoiceNow({ invoiceId });
  await world.drainUntilSettled();
  expect(await writesOf(world)).toEqual(['Invoice create']);

  await world.invoicing.human({ action: 'edit', id, set: { dueDate: '2026-12-24' } });
  await world.drainUntilSettled();

  const after = await counterpartOf(world, id);
  expect(after).toMatchObject({ DueDate: '2026-12-24' });
  expect(after).not.toMatchObject({ CustomerMemo: { value: 'Refused' } });
  expect(await world.brokenAudit()).toEqual([]);
});

test('a payment whose dead letter was discarded is raised again only once it changes, and is no news to a sweep', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const id = await pair(world);
  const { quickbooksId } = await linkOf(world, id);
  const both = { world, id, quickbooksId: quickbooksId ?? '' };
  const paymentId = await payHere(both, '50.00', { reference: 'far longer than QuickBooks holds' });
  await world.drainUntilSettled();
  const [letter] = await deadLettersOf(world, id);
  const { undoToken } = await operatorOf(world).discardDeadLetter({
    deadLetterId: letter?.id ?? '',
    expectedVersion: 1,
    reason: 'It is entered there by hand.',
  });

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Other' } });
  await world.drainUntilSettled();
  await reconcileUntilSettled(world);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Other' } });
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'DISCARDED' }]);
  expect(await driftsOf(world)).toEqual([]);
  expect(await paymentWrites({ world })).toEqual({ here: [], there: [] });
  await expect(operatorOf(world).undo({ token: undoToken ?? '' })).rejects.toThrow();

  await world.invoicing.human({ action: 'edit-payment', paymentId, amount: '40.00' });
  await world.drainUntilSettled();
  const statuses = (await deadLettersOf(world, id)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual(['DISCARDED', 'OPEN']);
});

test('a payment’s discard that was taken back leaves it to be replayed', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const id = await pair(world);
  const { quickbooksId } = await linkOf(world, id);
  const both = { world, id, quickbooksId: quickbooksId ?? '' };
  await payHere(both, '50.00', { reference: 'far longer than QuickBooks holds' });
  await world.drainUntilSettled();
  const [letter] = await deadLettersOf(world, id);
  const { undoToken } = await operatorOf(world).discardDeadLetter({
    deadLetterId: letter?.id ?? '',
    expectedVersion: 1,
    reason: 'By mistake.',
  });
  await operatorOf(world).undo({ token: undoToken ?? '' });

  await replay(world, id);
  await world.drainUntilSettled();

  const statuses = (await deadLettersOf(world, id)).map(({ status }) => status);
  expect(statuses).toContain('OPEN');
});

test('a discard that was taken back leaves the change to be replayed', async () => {
  const world = await startWorld();
  const id = await pair(world);
  await world.quickbooks.faults([refusal('update')]);
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Refused' } });
  await world.drainUntilSettled();
  const [letter] = await deadLettersOf(world, id);
  const { undoToken } = await operatorOf(world).discardDeadLetter({
    deadLetterId: letter?.id ?? '',
    expectedVersion: 1,
    reason: 'By mistake.',
  });
  await operatorOf(world).undo({ token: undoToken ?? '' });

  await replay(world, id);
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Refused' } });
  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYED' }]);
});
