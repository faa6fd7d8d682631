import { describe, expect, test } from 'vitest';
import { isJsonObject } from '#core/json.ts';
import type { Answer } from '../../../src/adapters/quickbooks/client.ts';
import {
  judge,
  type CallPurpose,
  type Judgement,
} from '../../../src/adapters/quickbooks/faults.ts';
import { readFault } from '../../../src/adapters/quickbooks/fault-body.ts';
import { recordedJson, recordedNames, recordedText } from '../../recorded.ts';

const statuses = recordedJson('faults/index.json');
const statusOf = (name: string): number => {
  const entry = isJsonObject(statuses) ? statuses[name] : undefined;
  const status = isJsonObject(entry) ? entry['status'] : undefined;
  return typeof status === 'number' ? status : 400;
};

/** The body as node-quickbooks' axios hands it over: JSON parsed, all else as text. */
const bodyOf = (name: string): unknown => {
  const text = recordedText(`faults/${name}`);
  return name.endsWith('.json') ? JSON.parse(text) : text;
};

const answer = (
  status: number,
  body: unknown,
  more: { readonly retryAfter?: string | null; readonly date?: string | null } = {},
): Answer => ({
  kind: 'answered',
  status,
  body,
  traceId: null,
  retryAfter: null,
  date: null,
  ...more,
});

const recorded = (name: string, purpose: CallPurpose): Judgement | null =>
  judge(answer(statusOf(name), bodyOf(name)), purpose);

/** What each recorded fault leads to, on a read and on a change. */
const expected: Readonly<Record<string, readonly [read: string, change: string]>> = {
  'exquickbooks-create-item-error.json': ['refused VALIDATION', 'refused VALIDATION'],
  'exquickbooks-query-error.json': ['refused MAPPING', 'refused MAPPING'],
  'exquickbooks-read-item-error.json': ['not-found', 'not-found'],
  'exquickbooks-update-item-error.json': ['stale-version', 'stale-version'],
  'exquickbooks-void-sales-receipt-error.json': ['stale-version', 'stale-version'],
  'issue-java-sdk-47-502-html.html': ['read-failed', 'no-answer'],
  'issue-oauth-jsclient-2-authorization-failed.json': ['access-lapsed', 'access-lapsed'],
  'issue-python-quickbooks-120-general-authentication.xml': ['unauthorized', 'unauthorized'],
  'issue-python-quickbooks-250-malformed-bearer.json': ['unauthorized', 'unauthorized'],
  'issue-python-quickbooks-43-throttle-403.xml': ['throttled', 'throttled'],
  'issue-quickbooks-php-sdk-54-throttle-429.xml': ['throttled', 'throttled'],
  'issue-quickbooks-php-sdk-95-invalid-reference.json': [
    'refused MISSING_REFERENCE',
    'refused MISSING_REFERENCE',
  ],
  'issue-sampleapp-crud-php-7-unsupported-operation.xml': ['refused MAPPING', 'refused MAPPING'],
  'javasdk-l77.json': ['refused MAPPING', 'refused MAPPING'],
  'minimul-error-400-1.json': ['refused MAPPING', 'refused MAPPING'],
  'minimul-error-400_json-0.json': ['refused MAPPING', 'refused MAPPING'],
  'minimul-error-401-0.json': ['unauthorized', 'unauthorized'],
  'minimul-error-500-0.json': ['refused MAPPING', 'refused MAPPING'],
  'minimul-error-validation-0.json': ['refused VALIDATION', 'refused VALIDATION'],
  'ruckus-customer-duplicate-error.xml': ['refused VALIDATION', 'refused VALIDATION'],
  'ruckus-generic-error.xml': ['read-failed', 'no-answer'],
  'ruckus-query-validation-error.xml': ['refused MAPPING', 'refused MAPPING'],
  'ruckus-tax-service-error-dup.json': ['refused VALIDATION', 'refused VALIDATION'],
  'ruckus-throttle-exceeded-error.xml': ['throttled', 'throttled'],
};

const short = (judgement: Judgement | null): string =>
  judgement?.kind === 'refused' ? `refused ${judgement.reason}` : (judgement?.kind ?? 'success');

test('every recorded fault is sorted', () => {
  expect(recordedNames('faults').toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(Object.entries(expected))('%s leads where it must', (name, [read, change]) => {
  expect(short(recorded(name, 'read'))).toBe(read);
  expect(short(recorded(name, 'change'))).toBe(change);
});

test('a fault is read alike in upper case, lower case and XML', () => {
  const words = { message: 'M & m', detail: 'D', element: null };
  const wanted = { type: 'SERVICE', fault: { code: '3001', ...words } };
  const upper = {
    Fault: { type: 'SERVICE', Error: [{ code: '3001', Message: 'M & m', Detail: 'D' }] },
  };
  const lower = {
    fault: {
      type: 'SERVICE',
      error: [{ code: '003001', message: 'M & m', detail: 'D', element: '' }],
    },
  };
  const xml =
    '<IntuitResponse><Fault type="SERVICE"><Error code="3001" element=""><Message>M &amp; m</Message><Detail>D</Detail></Error></Fault></IntuitResponse>';

  expect([upper, lower, xml].map(readFault)).toEqual([wanted, wanted, wanted]);
});

const fault = (code: string, detail: string | null = null) => ({
  Fault: { type: 'ValidationFault', Error: [{ code, Message: 'Words', Detail: detail }] },
});

describe('a write', () => {
  test.each([
    ['5010', 'stale-version'],
    ['610', 'not-found'],
    ['6140', 'refused DUPLICATE_NUMBER'],
    ['6200', 'refused PERIOD_CLOSED'],
    ['6210', 'refused PERIOD_CLOSED'],
    ['2500', 'refused MISSING_REFERENCE'],
    ['6250', 'refused MISSING_REFERENCE'],
    ['2010', 'refused MAPPING'],
    ['987654', 'refused MAPPING'],
    ['6240', 'refused VALIDATION'],
    ['6190', 'access-lapsed'],
    ['120', 'access-lapsed'],
    ['140', 'access-lapsed'],
    ['150', 'access-lapsed'],
    ['600', 'no-answer'],
    ['10000', 'no-answer'],
  ])('with fault %s ends as %s', (code, wanted) => {
    expect(short(judge(answer(400, fault(code)), 'change'))).toBe(wanted);
  });

  test('a new document that refers to something gone misses a reference, it is not gone itself', () => {
    expect(short(judge(answer(400, fault('610')), 'create'))).toBe('refused MISSING_REFERENCE');
  });

  test('a taken number names the invoice that has it', () => {
    const detail = 'Words. DocNumber=1001 is assigned to TxnType=Invoice with TxnId=145';

    expect(judge(answer(400, fault('6140', detail)), 'create')).toMatchObject({
      reason: 'DUPLICATE_NUMBER',
      existingId: '145',
    });
  });

  test('a number taken by another kind of document names no invoice', () => {
    const detail = 'Words. DocNumber=1001 is assigned to TxnType=Bill with TxnId=145';

    expect(judge(answer(400, fault('6140', detail)), 'create')).toMatchObject({ existingId: null });
  });

  test('a business validation error may have committed, others have not', () => {
    expect(judge(answer(400, fault('6000')), 'create')).toMatchObject({
      reason: 'VALIDATION',
      mayHaveCommitted: true,
    });
    expect(judge(answer(400, fault('6240')), 'create')).toMatchObject({ mayHaveCommitted: false });
  });

  test.each([500, 502, 503, 504])('with HTTP %i may have happened', (status) => {
    expect(short(judge(answer(status, '<html>'), 'change'))).toBe('no-answer');
    expect(short(judge(answer(status, fault('6240')), 'change'))).toBe('no-answer');
  });

  test('a fault under HTTP 200 counts as a fault', () => {
    expect(short(judge(answer(200, fault('6240')), 'change'))).toBe('refused VALIDATION');
    expect(short(judge(answer(200, fault('5010')), 'change'))).toBe('stale-version');
  });

  test('that never left is known not to have happened, one that left is not', () => {
    const none = (left: boolean): Answer => ({ kind: 'unanswered', left, cause: 'X' });

    expect(short(judge(none(false), 'change'))).toBe('not-sent');
    expect(short(judge(none(true), 'change'))).toBe('no-answer');
    expect(short(judge(none(true), 'read'))).toBe('read-failed');
  });
});

describe('throttling', () => {
  const wait = (retryAfter: string | null, date: string | null = null) =>
    judge(answer(429, '', { retryAfter, date }), 'read');

  test('waits a minute when QuickBooks does not say how long', () => {
    expect(wait(null)).toEqual({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(wait('soon')).toEqual({ kind: 'throttled', retryAfterMs: 60_000 });
  });

  test('waits as long as QuickBooks says, in seconds or by its own clock', () => {
    expect(wait('7')).toEqual({ kind: 'throttled', retryAfterMs: 7_000 });
    expect(wait('Sun, 22 Nov 2026 10:00:30 GMT', 'Sun, 22 Nov 2026 10:00:00 GMT')).toEqual({
      kind: 'throttled',
      retryAfterMs: 30_000,
    });
  });
});

test('a good answer is no failure', () => {
  expect(judge(answer(200, { Invoice: {} }), 'change')).toBeNull();
});
