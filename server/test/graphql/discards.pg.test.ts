import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import {
  actionsOf,
  askAnew,
  discarded,
  globalId,
  makeKey,
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

const ask = (mutation: Mutation, input: object, headers?: Record<string, string>) =>
  askAnew(bridge, mutation, input, headers);

/** Both sides moved away from the base while the change died. */
async function seedDrifted() {
  const books = await seedDeadBooks(bridge);
  await bridge.pool.query(
    `UPDATE observation SET content = jsonb_set(content, '{customerMemo}', to_jsonb(side::text)) WHERE link_id = $1`,
    [books.linkId],
  );
  return books;
}

const memosOf = async (linkId: string) => {
  const { rows } = await bridge.pool.query(
    `SELECT base_internal->>'customerMemo' AS internal, base_quickbooks->>'customerMemo' AS quickbooks, status FROM link WHERE id = $1`,
    [linkId],
  );
  return rows[0];
};

describe('a discard', () => {
  const discard = (deadLetterId: string, reason = 'The customer was told.') =>
    ask('discardDeadLetter', {
      deadLetterId: globalId('DeadLetter', deadLetterId),
      expectedVersion: 1,
      reason,
    });

  test('takes what both sides show as agreed, and the trail says who and why', async () => {
    const { companyId, linkId, deadLetterId } = await seedDrifted();

    expect(await discard(deadLetterId)).toMatchObject({
      deadLetter: {
        status: 'DISCARDED',
        discard: {
          reason: 'The customer was told.',
          actor: { displayName: 'Bootstrap administrator' },
        },
      },
      undo: { label: expect.stringMatching(/^Discarding the dead letter of INV-/) },
    });

    expect(await memosOf(linkId)).toEqual({
      internal: 'INTERNAL',
      quickbooks: 'QUICKBOOKS',
      status: 'IN_SYNC',
    });
    expect(await actionsOf(bridge, companyId)).toEqual([
      'DISCARDED',
      'BASE_ADVANCED',
      'STATE_CHANGED',
    ]);
  });

  test.each(['', '   ', 'x'.repeat(2_001)])('needs a reason in words', async (reason) => {
    const { deadLetterId } = await seedDeadBooks(bridge);

    expect(await discard(deadLetterId, reason)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['reason'] }],
    });
  });

  test('waits while the invoice is crossing', async () => {
    const { deadLetterId, linkId } = await seedDeadBooks(bridge);
    await bridge.pool.query('UPDATE link SET claim_epoch = 1 WHERE id = $1', [linkId]);

    expect(await discard(deadLetterId)).toMatchObject({ code: 'ILLEGAL_STATE', retryable: true });
  });

  test('can be taken back within the window, once, and everything is as before', async () => {
    const { companyId, linkId, deadLetterId } = await seedDrifted();
    const { undo } = discarded.parse(await discard(deadLetterId));

    expect(await ask('undo', { token: undo.token })).toMatchObject({
      __typename: 'UndoSuccess',
      subject: { __typename: 'DeadLetter', status: 'OPEN', discard: null },
    });

    expect(await memosOf(linkId)).toEqual({
      internal: 'Thank you',
      quickbooks: 'Thank you',
      status: 'DEAD_LETTERED',
    });
    expect((await actionsOf(bridge, companyId)).slice(3)).toEqual([
      'UNDONE',
      'BASE_ADVANCED',
      'STATE_CHANGED',
    ]);
    expect(await ask('undo', { token: undo.token })).toMatchObject({ code: 'ILLEGAL_STATE' });
  });

  test('cannot be taken back after the window, by somebody else, or once the base moved on', async () => {
    const late = await seedDeadBooks(bridge);
    await bridge.pool.query('UPDATE company SET undo_window_seconds = 0 WHERE id = $1', [
      late.companyId,
    ]);
    const { undo: lapsed } = discarded.parse(await discard(late.deadLetterId));
    expect(await ask('undo', { token: lapsed.token })).toMatchObject({ code: 'UNDO_EXPIRED' });

    const moved = await seedDrifted();
    const { undo } = discarded.parse(await discard(moved.deadLetterId));
    const other = await makeKey(bridge, ['OPERATE'], null);
    expect(await ask('undo', { token: undo.token }, other)).toMatchObject({ code: 'NOT_FOUND' });
    await bridge.pool.query(
      `UPDATE link SET base_internal = jsonb_set(base_internal, '{customerMemo}', '"newer"') WHERE id = $1`,
      [moved.linkId],
    );
    expect(await ask('undo', { token: undo.token })).toMatchObject({
      code: 'ILLEGAL_STATE',
      retryable: false,
    });
  });
});
