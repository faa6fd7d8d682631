import { expect, test } from 'vitest';
import { hashBody, MutationLog } from '../../../simulator/control/mutation-log.ts';
import { RequestLog } from '../../../simulator/control/request-log.ts';

const at = new Date('2026-11-22T09:00:00Z');
const request = { method: 'GET', path: '/invoices', query: '', requestId: null };
const facts = {
  at: at.toISOString(),
  entity: 'invoice',
  id: 'inv_1',
  operation: 'create',
  requestId: 'key-1',
  syncToken: '1',
  actor: 'api',
  bodyHash: hashBody({}),
} as const;

test('a request is listed as running until it is finished', () => {
  const log = new RequestLog();
  const seq = log.begin(request, at);
  expect(log.after()).toMatchObject([{ seq: 1, status: null, finishedAt: null, fault: null }]);

  log.finish(seq, { status: 503, fault: 'status' }, new Date(at.getTime() + 5));

  expect(log.after()).toEqual([
    {
      seq: 1,
      ...request,
      status: 503,
      startedAt: '2026-11-22T09:00:00.000Z',
      finishedAt: '2026-11-22T09:00:00.005Z',
      fault: 'status',
    },
  ]);
});

test('only the last requests are kept, and the numbering goes on', () => {
  const log = new RequestLog(8);
  for (let count = 0; count < 25; count += 1) log.begin(request, at);
  log.finish(1, { status: 200, fault: null }, at);

  const kept = log.after();
  expect(kept.at(-1)?.seq).toBe(25);
  expect(kept.length).toBeGreaterThanOrEqual(8);
  expect(kept.length).toBeLessThanOrEqual(10);
  expect(log.after(23).map((entry) => entry.seq)).toEqual([24, 25]);
  expect(log.after(99)).toEqual([]);
});

test('mutations are numbered from 1 without gaps, across a restart too', () => {
  const first = new MutationLog();
  first.append(facts);
  first.append(facts);

  const second = new MutationLog(first.after());
  second.append(facts);

  expect(second.after(1).map((mutation) => mutation.seq)).toEqual([2, 3]);
  expect(() => new MutationLog(first.after(1))).toThrow('mutation 1 is missing');
});

test('a body hash depends on what is said, not on the order of keys', () => {
  expect(hashBody({ a: 1, b: { c: [1, 2], d: null } })).toBe(
    hashBody({ b: { d: null, c: [1, 2] }, a: 1 }),
  );
  expect(hashBody({ a: [1, 2] })).not.toBe(hashBody({ a: [2, 1] }));
  expect(hashBody({ a: '1' })).not.toBe(hashBody({ a: 1 }));
  expect(hashBody({ a: undefined })).toBe(hashBody({}));
});
