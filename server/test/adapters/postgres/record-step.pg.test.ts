import { expect, test } from 'vitest';
import { createWatermarks } from '#adapters/postgres/watermarks.ts';
import { systemIds } from '#adapters/system/ids.ts';
import type { Intent } from '#core/attempt/intent.ts';
import { toAttemptId, toInstant, toIntentId } from '#core/brand.ts';
import type { ClaimedLink, Lease, Step } from '#ports/store.ts';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

type Opened = Awaited<ReturnType<typeof openStore>>;

/** Links of so many invoices, claimed under one lease. */
async function withClaimed(
  count: number,
): Promise<Opened & { lease: Lease; links: ClaimedLink[] }> {
  const opened = await openStore();
  const { store, companyId, held } = opened;
  const ids = Array.from({ length: count }, (_, place) => `inv_${place + 1}`);
  await store.ingest(ids.map((id) => eventAbout(companyId, id)));
  const lease = await held();
  await store.resolveSubjects(lease, 100);
  const links = [...(await store.claimLinks(lease, 100, false))];
  return { ...opened, lease, links };
}

function eventOf(link: ClaimedLink): ClaimedLink['events'][number] {
  const [event] = link.events;
  if (event === undefined) throw new Error('the link carries no event');
  return event;
}

/** A step that does nothing yet. */
const stepOf = (link: ClaimedLink, more: Partial<Step> = {}): Step => ({
  linkId: link.id,
  quickbooksNews: link.quickbooksNews,
  eventIds: [eventOf(link).id],
  correlationId: eventOf(link).correlationId,
  observations: [],
  attempt: null,
  newIntents: [],
  intentChanges: [],
  events: { marks: [], changedPaths: [], end: false },
  link: {},
  deadLetter: null,
  healsDeadLetter: false,
  conflictFields: null,
  references: [],
  audit: [],
  stream: [],
  ...more,
});

const now = toInstant(Date.parse('2026-11-22T10:00:00Z'));

/** A step that writes down a create of a customer, with its attempt, its audit entry and its news. */
function making(link: ClaimedLink, objectKey: string): Step {
  const attemptId = toAttemptId(systemIds.next());
  const intent: Intent = {
    id: toIntentId(systemIds.next()),
    attemptId,
    side: 'quickbooks',
    object: 'Customer',
    objectKey,
    operation: 'CREATED',
    state: 'SENT',
    body: '{"DisplayName":"Kestrel"}',
    bodyHash: 'hash',
    restsOnVersion: null,
    externalId: null,
    lastSentAt: now,
  };
  const { id: eventId, correlationId } = eventOf(link);
  return stepOf(link, {
    attempt: {
      id: attemptId,
      eventId,
      number: 1,
      startedAt: now,
      endedAt: null,
      outcome: null,
      decision: null,
      fault: null,
      nextAttemptAt: null,
    },
    newIntents: [intent],
    events: { marks: [{ stage: 'SENDING', at: now, note: null }], changedPaths: [], end: false },
    link: { statusReason: 'making a customer' },
    audit: [
      {
        actor: { kind: 'system', name: 'worker' },
        action: 'STATE_CHANGED',
        summary: 'making a customer',
        subject: { type: 'Invoice', id: link.id },
        linkId: link.id,
        changes: [],
        note: null,
        correlationId,
      },
    ],
    stream: [{ type: 'STAGE_CHANGED', summary: 'making a customer', detail: {} }],
  });
}

/** Everything a step could have touched. */
async function everything({ pool }: Opened): Promise<unknown> {
  const tables = ['link', 'outbox_event', 'attempt', 'intent', 'audit_entry', 'stream_event'];
  const contents: unknown[] = [];
  for (const table of tables)
    contents.push((await pool.query(`SELECT * FROM ${table} ORDER BY 1`)).rows);
  return contents;
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} instead of one`);
  return item;
}

test('a step is whole: link, event, attempt, intent, audit and news together', async () => {
  const opened = await withClaimed(1);
  const { store, pool, lease, links } = opened;

  expect(await store.recordStep(lease, making(only(links), 'cus_1'))).toBe('done');

  const { rows } = await pool.query(
    `SELECT (SELECT status_reason FROM link) AS link, (SELECT stage FROM outbox_event) AS event,
       (SELECT count(*)::int FROM attempt) AS attempts, (SELECT state FROM intent) AS intent, (SELECT body FROM intent) AS body,
       (SELECT count(*)::int FROM audit_entry WHERE summary = 'making a customer') AS audit,
       (SELECT count(*)::int FROM stream_event WHERE summary = 'making a customer') AS news`,
  );
  expect(rows).toEqual([
    {
      link: 'making a customer',
      event: 'SENDING',
      attempts: 1,
      intent: 'SENT',
      body: '{"DisplayName":"Kestrel"}',
      audit: 1,
      news: 1,
    },
  ]);
});

test('a step under an old epoch is fenced and changes nothing at all', async () => {
  const opened = await withClaimed(1);
  const { store, pool, held, lease, links } = opened;
  await pool.query(`UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 s'`);
  await held('successor');
  const before = await everything(opened);

  expect(await store.recordStep(lease, making(only(links), 'cus_1'))).toBe('fenced');

  expect(await everything(opened)).toEqual(before);
});

test('the epoch of the lease alone fences, whatever the link says', async () => {
  const opened = await withClaimed(1);
  const { store, pool, lease, links } = opened;
  await pool.query('UPDATE company_lease SET epoch = epoch + 1');
  const before = await everything(opened);

  expect(await store.recordStep(lease, making(only(links), 'cus_1'))).toBe('fenced');

  expect(await everything(opened)).toEqual(before);
});

test('a step for a link that was given back is fenced too', async () => {
  const opened = await withClaimed(1);
  const { store, lease, links } = opened;
  const link = only(links);
  await store.recordStep(lease, stepOf(link, { link: { release: { dueInMs: null } } }));
  const before = await everything(opened);

  expect(await store.recordStep(lease, making(link, 'cus_1'))).toBe('fenced');

  expect(await everything(opened)).toEqual(before);
});

test('a second open write of the same record is busy and changes nothing; another record is free', async () => {
  const opened = await withClaimed(3);
  const { store, lease, links } = opened;
  const [first, second, third] = links;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('three links were to be claimed');
  expect(await store.recordStep(lease, making(first, 'cus_1'))).toBe('done');
  const before = await everything(opened);

  expect(await store.recordStep(lease, making(second, 'cus_1'))).toBe('busy');
  expect(await everything(opened)).toEqual(before);
  expect(await store.recordStep(lease, making(third, 'cus_2'))).toBe('done');
});

test('of ten writes of one record at once, one is done', async () => {
  const { store, lease, links } = await withClaimed(10);

  const outcomes = await Promise.all(
    links.map((link) => store.recordStep(lease, making(link, 'cus_1'))),
  );

  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(9);
});

/** The claimed link of a pair; what was told meanwhile, and what is left of what the claim read. */
async function newsWhileClaimed(tell: (opened: Opened, lease: Lease) => Promise<unknown>) {
  const opened = await openStore();
  const { store, pool, companyId, held } = opened;
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  const lease = await held();
  await store.resolveSubjects(lease, 10);
  await pool.query(`UPDATE link SET quickbooks_id = '77', quickbooks_fresh = true`);
  const link = only(await store.claimLinks(lease, 5, false));

  await tell(opened, lease);
  await store.resolveSubjects(lease, 10);
  const back = { quickbooksFresh: true, release: { dueInMs: null } };
  await store.recordStep(lease, stepOf(link, { link: back }));

  const { rows } = await pool.query(
    'SELECT status, quickbooks_fresh AS fresh, claim_epoch FROM link',
  );
  return { left: rows, toRead: await store.awaitingRead(lease, 10) };
}

const ofQuickBooks = {
  source: 'QUICKBOOKS_WEBHOOK',
  subject: { side: 'quickbooks', kind: 'invoice', id: '77', invoiceId: null },
} as const;

test('news of QuickBooks that came while a link was claimed keeps it due when it is given back, and what was seen old', async () => {
  const { left, toRead } = await newsWhileClaimed(({ store, companyId }) =>
    store.ingest([eventAbout(companyId, '', ofQuickBooks)]),
  );

  expect(left).toEqual([{ status: 'PENDING', fresh: false, claim_epoch: null }]);
  expect(toRead).toEqual([{ quickbooksId: '77', quickbooksNews: 1 }]);
});

test('news of internal invoicing, such as the echo of our own write, keeps the link due and costs no further read of QuickBooks', async () => {
  const { left, toRead } = await newsWhileClaimed(({ store, companyId }) =>
    store.ingest([eventAbout(companyId, 'inv_1')]),
  );

  expect(left).toEqual([{ status: 'PENDING', fresh: true, claim_epoch: null }]);
  expect(toRead).toEqual([]);
});

test('a poll that shows another version while a link is claimed makes what was seen old, though it makes nothing due', async () => {
  const { left } = await newsWhileClaimed(({ pool }, lease) =>
    createWatermarks(pool, { announce: () => {} }).store(
      lease,
      { side: 'quickbooks', events: [], staleIds: ['77'] },
      null,
    ),
  );

  expect(left).toMatchObject([{ fresh: false, claim_epoch: null }]);
});

test('an open event that came along ends with the one that carried it, and says so', async () => {
  const { store, pool, companyId, held } = await openStore();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  const lease = await held();
  await store.resolveSubjects(lease, 10);
  const link = only(await store.claimLinks(lease, 5, false));
  const [carrier, along] = link.events;

  const marks = [{ stage: 'SETTLED', at: now, note: null }] as const;
  await store.recordStep(lease, {
    ...stepOf(link),
    eventIds: link.events.map(({ id }) => id),
    events: { marks, changedPaths: ['dueDate'], end: true },
    link: { release: { dueInMs: null } },
  });

  const { rows } = await pool.query(
    `SELECT id, stage, coalesced_into_id AS into, ended_at IS NOT NULL AS ended FROM outbox_event ORDER BY sequence`,
  );
  expect(rows).toEqual([
    { id: carrier?.id, stage: 'SETTLED', into: null, ended: true },
    { id: along?.id, stage: 'SETTLED', into: carrier?.id, ended: true },
  ]);
});
