import { describe, expect, test } from 'vitest';
import { toInstant } from '#core/brand.ts';
import type { ChangesPage } from '#ports/changes.ts';
import { recordedJson } from '../../recorded.ts';
import { json } from './doubles.ts';
import { limits, recordedInvoice, systemBefore } from './system-under-test.ts';

const since = toInstant(Date.now() - 3_600_000);
const fault = {
  Fault: { Error: [{ code: '4001', Message: 'Invalid query' }], type: 'ValidationFault' },
};

describe('the changes of a realm', () => {
  test('are asked for once, with all kinds and a time that ends in Z', async () => {
    const { accounting, received } = await systemBefore((_request, response) =>
      json(response, 200, { CDCResponse: [{ QueryResponse: [{}, {}] }] }),
    );

    await accounting.changesSince(toInstant(Date.parse('2026-11-20T10:00:00.900Z')), null, limits);

    const [request, ...others] = received();
    expect(others).toEqual([]);
    expect(request?.url.pathname).toBe('/v3/company/42/cdc');
    expect(request?.url.searchParams.get('entities')).toBe(
      'Invoice,Payment,CreditMemo,Customer,Item',
    );
    // A second earlier: whether the boundary is included is not documented.
    expect(request?.url.searchParams.get('changedSince')).toBe('2026-11-20T09:59:59Z');
  });

  test.each([
    ['a fault instead of rows', { CDCResponse: [fault] }],
    ['a fault among the rows', { CDCResponse: [{ QueryResponse: [fault] }] }],
    ['no envelope', { QueryResponse: {} }],
    ['not even JSON', '<html></html>'],
  ])('are not taken for none when the answer is %s', async (_story, body) => {
    const { accounting } = await systemBefore((_request, response) => json(response, 200, body));

    expect(await accounting.changesSince(since, null, limits)).toMatchObject({ ok: false });
  });

  test('that no one understands are told all the same', async () => {
    const rows = [{ Id: '7', MetaData: { LastUpdatedTime: 'whenever' } }, { NoId: true }];
    const { accounting } = await systemBefore((_request, response) =>
      json(response, 200, { CDCResponse: [{ QueryResponse: [{ Invoice: rows }] }] }),
    );

    expect(await accounting.changesSince(since, null, limits)).toMatchObject({
      value: { rows: [{ subject: { kind: 'invoice', id: '7' }, changedAt: null, seen: null }] },
    });
  });

  test('come with the time QuickBooks writes into the answer, else with its Date header', async () => {
    const answer = { CDCResponse: [{ QueryResponse: [{ Invoice: [recordedInvoice] }] }] };
    const bodies: object[] = [{ ...answer, time: '2026-11-20T02:00:00.500-08:00' }, answer];
    const { accounting } = await systemBefore((_request, response) => {
      response.setHeader('date', 'Fri, 20 Nov 2026 10:00:09 GMT');
      return json(response, 200, bodies.shift() ?? {});
    });

    const asOf = async () => {
      const page = await accounting.changesSince(since, null, limits);
      return page.ok ? new Date(page.value.asOf ?? 0).toISOString() : null;
    };

    expect(await asOf()).toBe('2026-11-20T10:00:00.500Z');
    expect(await asOf()).toBe('2026-11-20T10:00:09.000Z');
  });
});

/** More rows than a page, all changed in the same second. */
describe('a page full of one second', () => {
  const row = (number: number) => ({
    Id: String(number),
    DisplayName: `Customer ${number}`,
    MetaData: { LastUpdatedTime: '2026-11-20T02:00:00-08:00' },
  });

  test('goes on from its place, with rows shared by both pages', async () => {
    const asked: string[] = [];
    const { accounting } = await systemBefore((request, response) => {
      const statement = request.url.searchParams.get('query') ?? '';
      asked.push(statement);
      const start = Number(/startposition (\d+)/.exec(statement)?.[1]);
      const isCustomers = /from customer/i.test(statement);
      const rows = Array.from({ length: Math.min(1_000, 1_500 - start) }, (_, at) =>
        row(start + at),
      );
      return json(response, 200, { QueryResponse: isCustomers ? { Customer: rows } : {} });
    });

    const ids = new Set<string>();
    let cursor: string | null = null;
    do {
      const outcome = await accounting.changesSince(toInstant(0), cursor, limits);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
      const page: ChangesPage = outcome.value;
      for (const { subject } of page.rows) ids.add(subject.id);
      cursor = page.next;
    } while (cursor !== null);

    expect(ids.size).toBe(1_499);
    const customers = asked.filter((statement) => /from customer/i.test(statement));
    expect(customers.map((statement) => /startposition \d+/.exec(statement)?.[0])).toEqual([
      'startposition 1',
      'startposition 1',
      'startposition 901',
    ]);
  });
});

test('the recorded answer with a deleted invoice is read', async () => {
  const { accounting } = await systemBefore((_request, response) =>
    json(response, 200, recordedJson('cdc/ruckus-invoice-deleted.json')),
  );

  expect(await accounting.changesSince(since, null, limits)).toMatchObject({
    value: {
      rows: [
        {
          subject: { side: 'quickbooks', kind: 'invoice', id: '39', invoiceId: null },
          kind: 'DELETED',
          changedAt: Date.parse('2014-12-08T19:36:24-08:00'),
          seen: null,
        },
      ],
      asOf: Date.parse('2014-12-08T19:36:36.977-08:00'),
      next: null,
      showsDeleted: true,
    },
  });
});
