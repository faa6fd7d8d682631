import { expect, test } from 'vitest';
import { succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import {
  toCompanyId,
  toCorrelationId,
  toEventId,
  toInstant,
  toVersion,
  type Instant,
} from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { AwaitingRead } from '#ports/awaiting-read.ts';
import { createGatheredReads, type LinkToRead } from '#sync/gathered-reads.ts';
import { quickbooksTwin } from '../core/documents.ts';
import { anInvoice } from '../core/mapping/invoices.ts';

const companyId = toCompanyId('company-1');
const noon = toInstant(Date.parse('2026-11-20T12:00:00Z'));
const secondsAfterNoon = (seconds: number): Instant => toInstant(noon + seconds * 1_000);

const seenAs = (id: string, modifiedAt: Instant = noon): Seen => ({
  raw: { Id: id },
  invoice: { ...quickbooksTwin(anInvoice), id, version: toVersion('1'), modifiedAt },
});

const link = (id: string, more: Partial<LinkToRead> = {}): LinkToRead => ({
  internalId: `inv_${id}`,
  quickbooksId: id,
  internal: null,
  quickbooks: null,
  quickbooksFresh: false,
  quickbooksNews: 1,
  events: [carried(`event-of-${id}`)],
  openIntents: [],
  ...more,
});

const carried = (id: string, toldAt: Instant | null = null): LinkToRead['events'][number] => ({
  id: toEventId(id),
  kind: 'UPDATED',
  direction: 'TO_QUICKBOOKS',
  stage: 'CLAIMED',
  correlationId: toCorrelationId('c'),
  wrote: false,
  toldAt,
  askedAgoMs: null,
});

type Answer = CallOutcome<ReadonlyMap<string, Seen>>;

/** Gathered reads before a QuickBooks that answers as told; `asked` are the ids of each query. */
function readsBefore(options: {
  readonly answer?: (ids: readonly string[]) => Promise<Answer>;
  readonly next?: readonly AwaitingRead[];
}) {
  const asked: (readonly string[])[] = [];
  const logged: string[] = [];
  const all = (ids: readonly string[]) =>
    Promise.resolve<Answer>(succeeded(new Map(ids.map((id) => [id, seenAs(id)]))));
  const log = (fact: string) => void logged.push(fact);
  const reads = createGatheredReads({
    engine: {
      store: { awaitingRead: () => Promise.resolve(options.next ?? []) },
      log: { debug: log, info: log, warn: log, error: log },
    },
    lease: { companyId, epoch: 1n, holder: 'worker' },
    accounting: {
      readInvoices: (ids) => {
        asked.push(ids);
        return (options.answer ?? all)(ids);
      },
    },
    signal: new AbortController().signal,
  });
  return { reads, asked, logged };
}

const idIn = (outcome: CallOutcome<Seen | null>): string | null | undefined =>
  outcome.ok ? (outcome.value?.invoice.id ?? null) : undefined;

test('links claimed together are read by one query, and those due next along with them', async () => {
  const { reads, asked } = readsBefore({ next: [{ quickbooksId: '3', quickbooksNews: 7 }] });
  const claimed = [link('1'), link('2')];

  reads.gather(claimed);
  const found = await Promise.all(claimed.map((each) => reads.take('quickbooks', each)));
  const next = link('3', { quickbooksNews: 7 });
  reads.gather([next]);

  expect(found.map(idIn)).toEqual(['1', '2']);
  expect(idIn(await reads.take('quickbooks', next))).toBe('3');
  expect(asked).toEqual([['1', '2', '3']]);
});

test('one alone is left to a read by its id', async () => {
  const { reads, asked } = readsBefore({});

  reads.gather([link('1')]);

  expect(idIn(await reads.take('quickbooks', link('1')))).toBeNull();
  expect(asked).toEqual([]);
});

test('nothing is read for links whose observation is fresh, that have no counterpart or an open write', async () => {
  const { reads, asked } = readsBefore({});
  const stored = { ...seenAs('1'), observationId: 'o' };

  reads.gather([
    link('1', { quickbooksFresh: true, quickbooks: stored }),
    link('2', { quickbooksId: null }),
  ]);

  expect(asked).toEqual([]);
});

test('what was read before QuickBooks told of it again does not serve it', async () => {
  const { reads } = readsBefore({ next: [{ quickbooksId: '3', quickbooksNews: 7 }] });
  reads.gather([link('1'), link('2')]);
  await reads.take('quickbooks', link('1'));

  expect(idIn(await reads.take('quickbooks', link('3', { quickbooksNews: 8 })))).toBeNull();
});

test('what is missing in the answer is left to a read by id', async () => {
  const { reads } = readsBefore({
    answer: () => Promise.resolve(succeeded(new Map([['1', seenAs('1')]]))),
  });
  const claimed = [link('1'), link('2')];

  reads.gather(claimed);

  const found = await Promise.all(claimed.map((each) => reads.take('quickbooks', each)));
  expect(found.map(idIn)).toEqual(['1', null]);
});

test.each([
  {
    what: 'the stored observation',
    older: link('1', { quickbooks: { ...seenAs('1', secondsAfterNoon(1)), observationId: 'o' } }),
  },
  {
    what: 'the event that told of it',
    older: link('1', { events: [carried('e', secondsAfterNoon(1))] }),
  },
])('an answer older than $what is left to a read by id', async ({ older }) => {
  const { reads } = readsBefore({});

  reads.gather([older, link('2')]);

  expect(idIn(await reads.take('quickbooks', older))).toBeNull();
});

test('an answer of the very second that was told of serves', async () => {
  const { reads } = readsBefore({});
  const told = link('1', { events: [carried('e', toInstant(noon + 300))] });

  reads.gather([told, link('2')]);

  expect(idIn(await reads.take('quickbooks', told))).toBe('1');
});

test('after a stale version the next read is by id, and only that one', async () => {
  const { reads, asked } = readsBefore({});
  reads.distrust(link('1'));

  reads.gather([link('1'), link('2'), link('3')]);
  expect(idIn(await reads.take('quickbooks', link('1')))).toBeNull();
  reads.forget(link('1'));
  reads.gather([link('1'), link('4')]);

  expect(idIn(await reads.take('quickbooks', link('1')))).toBe('1');
  expect(asked).toEqual([
    ['2', '3'],
    ['1', '4'],
  ]);
});

test('a link that was worked is read anew', async () => {
  const { reads, asked } = readsBefore({});
  const both = [link('1'), link('2')];
  reads.gather(both);
  await reads.take('quickbooks', link('1'));
  for (const each of both) reads.forget(each);

  reads.gather(both);
  await reads.take('quickbooks', link('1'));

  expect(asked).toHaveLength(2);
});

test('a query that fails leaves each to a read by id, but what holds for all calls holds for them', async () => {
  const cause = 'HTTP 500';
  const failing = readsBefore({
    answer: () =>
      Promise.resolve({
        ok: false,
        failure: { kind: 'read-failed', cause, httpStatus: 500, fault: null },
      }),
  });
  const throttled = readsBefore({
    answer: () =>
      Promise.resolve({ ok: false, failure: { kind: 'throttled', retryAfterMs: 5_000 } }),
  });
  for (const { reads } of [failing, throttled]) reads.gather([link('1'), link('2')]);

  expect(idIn(await failing.reads.take('quickbooks', link('1')))).toBeNull();
  expect(await throttled.reads.take('quickbooks', link('1'))).toEqual({
    ok: false,
    failure: { kind: 'throttled', retryAfterMs: 5_000 },
  });
});

test('a bug in reading together is told and stops nobody', async () => {
  const { reads, logged } = readsBefore({ answer: () => Promise.reject(new Error('a bug')) });

  reads.gather([link('1'), link('2')]);

  expect(idIn(await reads.take('quickbooks', link('2')))).toBeNull();
  expect(logged).toContain('invoices could not be read together');
});

const polled = (id: string): IncomingEvent => ({
  id: toEventId(`poll-of-${id}`),
  companyId,
  source: 'POLL',
  eventKey: id,
  kind: 'UPDATED',
  subject: { side: 'quickbooks', kind: 'invoice', id, invoiceId: null },
  actor: { kind: 'system', name: 'worker' },
  occurredAt: noon,
  correlationId: toCorrelationId('c'),
  payload: {},
});

test('what a poll showed serves the link that its event made due, as long as nothing else was told of it', async () => {
  const { reads } = readsBefore({});
  const event = polled('1');
  const row = {
    subject: event.subject,
    kind: 'UPDATED',
    entity: 'Invoice',
    changedAt: noon,
    seen: seenAs('1'),
    record: null,
    raw: {},
  } as const;
  reads.keep('quickbooks', [row], [event]);
  const told = carried('poll-of-1', noon);

  const alone = link('1', { events: [told] });
  expect(idIn(await reads.take('quickbooks', alone))).toBe('1');
  const withOther = link('1', { events: [told, carried('a webhook')] });
  expect(idIn(await reads.take('quickbooks', withOther))).toBeNull();
});
