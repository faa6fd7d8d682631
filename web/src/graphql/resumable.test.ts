import { expect, test } from 'vitest';
import { resumable } from './resumable.ts';

test('the payload asks for what comes after the newest position handled, each time it is sent', () => {
  let cursor: string | undefined;
  const payload = { query: '…', variables: resumable({ after: 'head', limit: 5 }, () => cursor) };
  expect(JSON.parse(JSON.stringify(payload)).variables).toEqual({ after: 'head', limit: 5 });
  cursor = 'cursor-7';
  expect(JSON.parse(JSON.stringify(payload)).variables).toEqual({ after: 'cursor-7', limit: 5 });
  cursor = 'cursor-9';
  expect(JSON.parse(JSON.stringify(payload)).variables).toEqual({ after: 'cursor-9', limit: 5 });
});

test('without any position the stream starts at its live end', () => {
  const payload = { variables: resumable({}, () => undefined) };
  expect(JSON.parse(JSON.stringify(payload)).variables).toEqual({});
});
