import { expect, test } from 'vitest';
import { toInstant } from '#core/brand.ts';
import { composeMessage, type Notice } from '#core/notification/message.ts';
import { notificationKinds } from '#core/notification/notifications.ts';

const notice = (more: Partial<Notice> = {}): Notice => ({
  kind: 'CONFLICT',
  subjectId: 'c1',
  invoice: 'INV-1',
  customer: 'Globex Corp',
  amount: '84205.18',
  currency: 'USD',
  sentence: 'Both sides changed a field to different values. Choose which of them holds.',
  since: toInstant(0),
  ...more,
});
const address = ({ subjectId }: Notice) => `https://bridge.example/${subjectId}`;

test('one thing is the subject itself; the text says what happened, to what, and where to go', () => {
  const message = composeMessage('Acme', [notice()], 1, address);

  expect(message.subject).toBe('Acme: both sides changed INV-1');
  expect(message.text).toContain(
    'INV-1, Globex Corp, 84205.18 USD: Both sides changed a field to different values. Choose which of them holds.\nhttps://bridge.example/c1',
  );
});

test('of many, twenty are listed and the others are counted', () => {
  const notices = Array.from({ length: 30 }, (_, place) => notice({ subjectId: `c${place}` }));

  const message = composeMessage('Acme', notices, 37, address);

  expect(message.subject).toBe('Acme: 37 things wait for you');
  expect(message.items).toHaveLength(20);
  expect(message.text).toContain('And 17 more.');
});

test('each kind has a headline of its own', () => {
  const subjects = notificationKinds.map(
    (kind) => composeMessage('Acme', [notice({ kind })], 1, address).subject,
  );

  expect(new Set(subjects).size).toBe(notificationKinds.length);
});

test('what is about the company names no invoice', () => {
  const access = notice({ kind: 'ACCESS', invoice: null, customer: null, amount: null });

  expect(composeMessage('Acme', [access], 1, address).text).toMatch(/^Both sides/);
});
