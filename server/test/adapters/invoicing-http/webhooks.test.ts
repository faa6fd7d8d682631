import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { toInstant } from '#core/brand.ts';
import { readDelivery } from '../../../src/adapters/invoicing-http/webhook-payload.ts';
import {
  checkSignature,
  timestampToleranceMs,
} from '../../../src/adapters/invoicing-http/webhook-signature.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const current = secretOf('the current secret of it');
const previous = secretOf('the previous secret of it');

const now = toInstant(Date.parse('2026-11-22T09:21:00.000Z'));
const body = '{"type":"invoice.updated"}';

function signed(secret: string, ageMs = 0) {
  const at = new Date(now - ageMs);
  return {
    id: 'msg_1',
    timestamp: String(Math.floor(at.getTime() / 1_000)),
    signature: new Webhook(secret).sign('msg_1', at, body),
  };
}

describe('signatures', () => {
  test('the current secret signs, and while a key is replaced the previous one too', () => {
    expect(checkSignature(bytes(body), signed(current), [current], now)).toBe('signed');
    expect(checkSignature(bytes(body), signed(previous), [current, previous], now)).toBe('signed');
    expect(checkSignature(bytes(body), signed(previous), [current], now)).toBe('unsigned');
  });

  test('one good signature among several is enough', () => {
    const headers = signed(current);
    const several = { ...headers, signature: `v1,AAAA v1a,zzz ${headers.signature}` };

    expect(checkSignature(bytes(body), several, [current], now)).toBe('signed');
  });

  test('other bytes, another id or another time are not signed', () => {
    const headers = signed(current);
    const check = (text: string, changed: object = {}) =>
      checkSignature(bytes(text), { ...headers, ...changed }, [current], now);

    expect(check(`${body} `)).toBe('unsigned');
    expect(check(body, { id: 'msg_2' })).toBe('unsigned');
    expect(check(body, { timestamp: String(Number(headers.timestamp) + 1) })).toBe('unsigned');
  });

  test('a missing or unreadable header is not signed', () => {
    for (const header of ['id', 'timestamp', 'signature']) {
      const headers = { ...signed(current), [header]: undefined };
      expect(checkSignature(bytes(body), headers, [current], now)).toBe('unsigned');
    }
    const headers = { ...signed(current), timestamp: 'yesterday' };
    expect(checkSignature(bytes(body), headers, [current], now)).toBe('unsigned');
  });

  test('a timestamp five minutes off is still taken, later and earlier ones are not', () => {
    const check = (ageMs: number) =>
      checkSignature(bytes(body), signed(current, ageMs), [current], now);

    expect(check(timestampToleranceMs)).toBe('signed');
    expect(check(-timestampToleranceMs)).toBe('signed');
    expect(check(timestampToleranceMs + 1_000)).toBe('outdated');
    expect(check(-timestampToleranceMs - 1_000)).toBe('outdated');
  });

  test('bytes that are no text are not signed', () => {
    expect(checkSignature(new Uint8Array([0xff]), signed(current), [current], now)).toBe(
      'unsigned',
    );
  });
});

describe('payloads', () => {
  const read = (value: unknown) => readDelivery(bytes(JSON.stringify(value)));
  const told = (type: string, data: object) => ({
    type,
    timestamp: '2026-11-22T09:21:00.000Z',
    data,
  });

  test.each([
    ['invoice.created', 'CREATED'],
    ['invoice.updated', 'UPDATED'],
    ['invoice.voided', 'VOIDED'],
    ['invoice.deleted', 'DELETED'],
  ])('%s is about the invoice', (type, kind) => {
    expect(read(told(type, { invoiceId: 'inv_1', version: '7' }))).toMatchObject({
      event: {
        kind,
        subject: { side: 'internal', kind: 'invoice', id: 'inv_1' },
        occurredAt: now,
      },
    });
  });

  test.each([
    ['payment.recorded', 'PAYMENT_APPLIED'],
    ['payment.updated', 'PAYMENT_CHANGED'],
    ['payment.deleted', 'PAYMENT_REMOVED'],
  ])('%s is about the payment and its invoice', (type, kind) => {
    expect(read(told(type, { invoiceId: 'inv_1', paymentId: 'pay_1' }))).toMatchObject({
      event: { kind, subject: { kind: 'payment', id: 'pay_1', invoiceId: 'inv_1' } },
    });
  });

  test('a type nobody knows is kept as it is', () => {
    const event = told('customer.renamed', { customerId: 'cus_1' });

    expect(read(event)).toMatchObject({
      kind: 'event',
      event: { kind: 'OTHER', type: 'customer.renamed', payload: event },
    });
  });

  test('what is not JSON is said to be so', () => {
    expect(readDelivery(bytes('nothing'))).toEqual({ kind: 'not-json' });
  });

  test.each([
    [told('invoice.created', {}), 'data.invoiceId'],
    [told('invoice.created', { invoiceId: 5 }), 'data.invoiceId'],
    [told('payment.recorded', { invoiceId: 'inv_1' }), 'data.paymentId'],
    [{ type: 'invoice.created', timestamp: 'now', data: { invoiceId: 'i' } }, 'timestamp'],
    [{ timestamp: '2026-11-22T09:21:00Z' }, 'type'],
    [[], '$'],
  ])('%j is refused at %s', (value, path) => {
    expect(read(value)).toMatchObject({ kind: 'bad-shape', path });
  });
});
