import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import {
  actionsOf,
  askAnew,
  countOf,
  globalId,
  seedBooks,
  seedDeadBooks,
  type Mutation,
} from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const ask = (mutation: Mutation, input: object) => askAnew(bridge, mutation, input);

describe('a replay', () => {
  test('makes an event for the invoice, due now and read anew, and the dead letter says by whom', async () => {
    const { companyId, deadLetterId, linkId, eventId } = await seedDeadBooks(bridge);
    await bridge.pool.query(
      'UPDATE link SET failures = 12, first_failed_at = now(), quickbooks_fresh = true WHERE id = $1',
      [linkId],
    );
    bridge.rings.length = 0;

    const answer = await ask('replayDeadLetter', {
      deadLetterId: globalId('DeadLetter', deadLetterId),
      expectedVersion: 1,
    });

    expect(answer).toMatchObject({
      replayed: false,
      deadLetter: {
        status: 'REPLAYING',
        version: 2,
        replays: [{ actor: { displayName: 'Bootstrap administrator' } }],
      },
      event: {
        stage: 'QUEUED',
        source: 'OPERATOR',
        derivedFrom: { id: globalId('OutboxEvent', eventId) },
        stageHistory: [
          { stage: 'DETECTED', note: null },
          { stage: 'QUEUED', note: 'Sent round again by Bootstrap administrator.' },
        ],
      },
    });
    const { rows } = await bridge.pool.query(
      `SELECT status, failures, first_failed_at, quickbooks_fresh, due_at <= now() AS due, next_sequence,
         (SELECT max(sequence) FROM outbox_event e WHERE e.link_id = link.id) AS sequence FROM link WHERE id = $1`,
      [linkId],
    );
    expect(rows).toEqual([
      {
        status: 'PENDING',
        failures: 0,
        first_failed_at: null,
        quickbooks_fresh: false,
        due: true,
        next_sequence: 2,
        sequence: 1,
      },
    ]);
    expect(bridge.rings).toEqual([companyId]);
    expect(await actionsOf(bridge, companyId)).toEqual(['REPLAYED', 'STATE_CHANGED']);
    const told = await bridge.pool.query(
      'SELECT type, link_id FROM stream_event WHERE company_id = $1 ORDER BY seq',
      [companyId],
    );
    expect(told.rows).toEqual([
      { type: 'STAGE_CHANGED', link_id: linkId },
      { type: 'DEAD_LETTER_CHANGED', link_id: linkId },
    ]);
  });

  test('goes ahead of whatever is due', async () => {
    const { companyId, deadLetterId, linkId } = await seedDeadBooks(bridge);
    await bridge.pool.query(
      `INSERT INTO link (id, company_id, internal_id, due_at, changed_at, status_reason)
       VALUES (gen_random_uuid(), $1, 'waiting', now() - interval '1 hour', now(), '')`,
      [companyId],
    );

    await ask('replayDeadLetter', {
      deadLetterId: globalId('DeadLetter', deadLetterId),
      expectedVersion: 1,
    });

    const { rows } = await bridge.pool.query(
      'SELECT id FROM link WHERE company_id = $1 ORDER BY due_at LIMIT 1',
      [companyId],
    );
    expect(rows).toEqual([{ id: linkId }]);
  });

  test('that could make a second document needs the invoice number, typed', async () => {
    const { deadLetterId, number } = await seedDeadBooks(bridge, 'RISKY');
    const input = { deadLetterId: globalId('DeadLetter', deadLetterId), expectedVersion: 1 };

    for (const confirmInvoiceNumber of [null, '', 'INV-0']) {
      expect(await ask('replayDeadLetter', { ...input, confirmInvoiceNumber })).toMatchObject({
        __typename: 'ValidationError',
        code: 'VALIDATION',
        issues: [{ path: ['confirmInvoiceNumber'] }],
      });
    }
    expect(await ask('replayDeadLetter', { ...input, confirmInvoiceNumber: number })).toMatchObject(
      { __typename: 'ReplayDeadLetterSuccess' },
    );
  });

  test('that risky is reached by no other way', async () => {
    const { linkId, eventId } = await seedDeadBooks(bridge, 'RISKY');
    const illegal = { __typename: 'IllegalStateError', code: 'ILLEGAL_STATE', retryable: false };

    expect(await ask('syncInvoiceNow', { invoiceId: globalId('Invoice', linkId) })).toMatchObject(
      illegal,
    );
    expect(await ask('replayEvent', { eventId: globalId('OutboxEvent', eventId) })).toMatchObject(
      illegal,
    );
  });

  test('that is pointless goes on, and it is said so', async () => {
    const { deadLetterId } = await seedDeadBooks(bridge, 'POINTLESS');

    const answer = await ask('replayDeadLetter', {
      deadLetterId: globalId('DeadLetter', deadLetterId),
      expectedVersion: 1,
    });

    expect(answer).toMatchObject({
      event: {
        stageHistory: [
          {},
          {
            note: 'Sent round again by Bootstrap administrator. The same data would be refused again; correct it first.',
          },
        ],
      },
    });
  });

  test.each([
    ['REPLAYING', true],
    ['REPLAYED', false],
    ['DISCARDED', false],
    ['SUPERSEDED', false],
  ] as const)('of one that is %s is not possible', async (status, retryable) => {
    const { deadLetterId } = await seedDeadBooks(bridge);
    await bridge.prisma.deadLetter.update({ where: { id: deadLetterId }, data: { status } });
    const input = { deadLetterId: globalId('DeadLetter', deadLetterId), expectedVersion: 1 };

    const illegal = { __typename: 'IllegalStateError', code: 'ILLEGAL_STATE', retryable };
    expect(await ask('replayDeadLetter', input)).toMatchObject(illegal);
    expect(await ask('discardDeadLetter', { ...input, reason: 'No.' })).toMatchObject(illegal);
  });

  test.each([
    [`status = 'NEEDS_RECONNECT'`, 'COMPANY_UNAVAILABLE'],
    [`status = 'DISCONNECTED'`, 'COMPANY_UNAVAILABLE'],
    [`paused_directions = '{TO_QUICKBOOKS}'`, 'COMPANY_UNAVAILABLE'],
  ])('waits for nobody: while the company has %s it is refused', async (change, code) => {
    const { companyId, deadLetterId, linkId, eventId } = await seedDeadBooks(bridge);
    await bridge.pool.query(`UPDATE company SET ${change} WHERE id = $1`, [companyId]);
    const input = { deadLetterId: globalId('DeadLetter', deadLetterId), expectedVersion: 1 };

    expect(await ask('replayDeadLetter', input)).toMatchObject({ code });
    expect(await ask('syncInvoiceNow', { invoiceId: globalId('Invoice', linkId) })).toMatchObject({
      code,
    });
    expect(await ask('replayEvent', { eventId: globalId('OutboxEvent', eventId) })).toMatchObject({
      code,
    });
  });

  test('of a paused invoice is refused', async () => {
    const { linkId, deadLetterId } = await seedDeadBooks(bridge);
    await bridge.pool.query('UPDATE link SET paused = true WHERE id = $1', [linkId]);

    expect(
      await ask('replayDeadLetter', {
        deadLetterId: globalId('DeadLetter', deadLetterId),
        expectedVersion: 1,
      }),
    ).toMatchObject({ code: 'ILLEGAL_STATE', retryable: true });
  });
});

describe('a replayed event', () => {
  test('that led to no invoice is looked at anew', async () => {
    const { companyId, eventId } = await seedBooks(bridge);
    await bridge.pool.query('UPDATE outbox_event SET link_id = NULL WHERE id = $1', [eventId]);

    const answer = await ask('replayEvent', { eventId: globalId('OutboxEvent', eventId) });

    expect(answer).toMatchObject({ event: { source: 'OPERATOR', invoice: null } });
    const waiting = `FROM outbox_event WHERE company_id = $1 AND link_id IS NULL AND ended_at IS NULL`;
    expect(await countOf(bridge, waiting, [companyId])).toBe(1);
  });

  test('that is still on its way is not sent again; when it is tried next is said where that is known', async () => {
    const { eventId, linkId } = await seedBooks(bridge);
    await bridge.pool.query('UPDATE outbox_event SET ended_at = NULL WHERE id = $1', [eventId]);
    const input = { eventId: globalId('OutboxEvent', eventId) };
    const underWay = { code: 'ILLEGAL_STATE', retryable: true };

    expect(await ask('replayEvent', input)).toMatchObject({ ...underWay, retryAt: null });
    const retryAt = new Date(Date.now() + 3_600_000).toISOString();
    await bridge.pool.query('UPDATE link SET due_at = $2 WHERE id = $1', [linkId, retryAt]);
    expect(await ask('replayEvent', input)).toMatchObject({ ...underWay, retryAt });
    await bridge.pool.query("UPDATE link SET due_at = now() - interval '1 s' WHERE id = $1", [
      linkId,
    ]);
    expect(await ask('replayEvent', input)).toMatchObject({ ...underWay, retryAt: null });
  });
});
