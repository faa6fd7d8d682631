import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDelivery } from '../../../src/adapters/quickbooks/webhook-payload.ts';
import { isSignedByIntuit } from '../../../src/adapters/quickbooks/webhook-signature.ts';
import { recordedNames, recordedText } from '../../recorded.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sign = (text: string, token: string): string =>
  createHmac('sha256', token).update(text).digest('base64');

describe('signatures', () => {
  const body = '[{"id":"1"}]';

  test('the verifier token signs the raw bytes', () => {
    expect(isSignedByIntuit(bytes(body), sign(body, 'token'), 'token')).toBe(true);
  });

  test('one changed byte, another token or no signature is not believed', () => {
    expect(isSignedByIntuit(bytes(`${body} `), sign(body, 'token'), 'token')).toBe(false);
    expect(isSignedByIntuit(bytes(body), sign(body, 'other'), 'token')).toBe(false);
    expect(isSignedByIntuit(bytes(body), undefined, 'token')).toBe(false);
    expect(isSignedByIntuit(bytes(body), '', 'token')).toBe(false);
    expect(isSignedByIntuit(bytes(body), 'not base64 at all', 'token')).toBe(false);
  });

  test('an empty token signs nothing', () => {
    expect(isSignedByIntuit(bytes(body), sign(body, ''), '')).toBe(false);
  });
});

describe('payloads', () => {
  const read = (body: unknown) => readDelivery(bytes(JSON.stringify(body)));

  test.each(recordedNames('webhooks'))('%s is understood', (name) => {
    const delivery = readDelivery(bytes(recordedText(`webhooks/${name}`)));

    if (delivery.kind !== 'events') throw new Error(JSON.stringify(delivery));
    expect(delivery.events.length).toBeGreaterThan(0);
    for (const event of delivery.events) {
      expect(event.realmId).toMatch(/^\d+$/);
      expect(event.operation).not.toBe('OTHER');
      expect(event.occurredAt).toBeGreaterThan(Date.parse('2015-01-01'));
    }
  });

  const event = (type: string, more: object = {}) => ({
    id: 'e1',
    type,
    time: '2026-11-22T09:21:00.179851517Z',
    intuitentityid: '145',
    intuitaccountid: '42',
    ...more,
  });

  test.each([
    ['qbo.invoice.created.v1', 'CREATED', 'invoice'],
    ['qbo.invoice.updated.v1', 'UPDATED', 'invoice'],
    ['qbo.invoice.deleted.v1', 'DELETED', 'invoice'],
    ['qbo.invoice.void.v1', 'VOIDED', 'invoice'],
    ['qbo.invoice.voided.v1', 'VOIDED', 'invoice'],
    ['qbo.invoice.emailed.v1', 'OTHER', 'invoice'],
    ['qbo.payment.created.v1', 'PAYMENT_APPLIED', 'payment'],
    ['qbo.payment.updated.v1', 'PAYMENT_CHANGED', 'payment'],
    ['qbo.payment.deleted.v1', 'PAYMENT_REMOVED', 'payment'],
    ['qbo.customer.merged.v1', 'REFERENCE_CHANGED', 'customer'],
    ['qbo.creditmemo.created.v1', 'OTHER', 'other'],
    ['qbo.something.new.v1', 'OTHER', 'other'],
  ])('%s means %s of a(n) %s', (type, kind, subject) => {
    expect(read([event(type)])).toMatchObject({
      kind: 'events',
      events: [{ eventKey: 'e1', kind, subject: { kind: subject, id: '145', side: 'quickbooks' } }],
    });
  });

  test('one delivery may tell of several companies', () => {
    const delivery = read([
      event('qbo.invoice.created.v1'),
      event('qbo.invoice.created.v1', { id: 'e2', intuitaccountid: '43' }),
    ]);

    expect(delivery).toMatchObject({ events: [{ realmId: '42' }, { realmId: '43' }] });
  });

  test('a repeated legacy event has the same key, a later change of the object another', () => {
    const legacy = (lastUpdated: string) => ({
      eventNotifications: [
        {
          realmId: '42',
          dataChangeEvent: {
            entities: [{ name: 'Invoice', id: '145', operation: 'Update', lastUpdated }],
          },
        },
      ],
    });
    const keyOf = (body: unknown) => {
      const delivery = read(body);
      return delivery.kind === 'events' ? delivery.events[0]?.eventKey : undefined;
    };

    const first = keyOf(legacy('2026-11-22T09:21:00.000Z'));
    expect(first).toBeDefined();
    expect(keyOf(legacy('2026-11-22T09:21:00.000Z'))).toBe(first);
    expect(keyOf(legacy('2026-11-22T09:22:00.000Z'))).not.toBe(first);
  });

  test('an empty delivery holds nothing and is fine', () => {
    expect(read([])).toEqual({ kind: 'events', events: [] });
  });

  test('what is not JSON is said to be so', () => {
    expect(readDelivery(bytes('{"eventNotifications":'))).toEqual({ kind: 'not-json' });
    expect(readDelivery(new Uint8Array([0x22, 0xff, 0x22]))).toEqual({ kind: 'not-json' });
  });

  test.each([
    [[{ ...event('qbo.invoice.created.v1'), intuitaccountid: 7 }], '$[0].intuitaccountid'],
    [[event('qbo.invoice.created.v1'), event('nonsense')], '$[1].type'],
    [{ eventNotifications: [{ realmId: '42' }] }, 'eventNotifications[0].dataChangeEvent'],
    [{}, 'eventNotifications'],
    ['text', '$'],
    [null, '$'],
  ])('%j is refused at %s', (body, path) => {
    expect(read(body)).toMatchObject({ kind: 'bad-shape', path });
  });
});
