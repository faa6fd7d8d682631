import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { known } from '../support/companies.ts';
import {
  attemptsOf,
  conflictsOf,
  counterpartOf,
  deadLettersOf,
  linkOf,
  writesOf,
} from '../support/ledger.ts';
import {
  editHere,
  editThere,
  eventsFromQuickbooks,
  idOf,
  internally,
  internalWrites,
  pair,
} from '../support/pair.ts';

const termsAndDates = { TxnDate: '2026-11-21', DueDate: '2027-01-31' };

describe('an edit made in QuickBooks', () => {
  test.each<readonly [string, object, object]>([
    ['the note to the customer', { CustomerMemo: { value: 'Theirs' } }, { customerMemo: 'Theirs' }],
    ['the private note', { PrivateNote: 'Theirs' }, { privateNote: 'Theirs' }],
    ['the number', { DocNumber: 'Q-77' }, { number: 'Q-77' }],
    ['the dates', termsAndDates, { issueDate: '2026-11-21', dueDate: '2027-01-31' }],
    ['the purchase order', { PONumber: 'PO-7' }, { poNumber: 'PO-7' }],
    [
      'the billing address',
      {
        BillAddr: {
          Line1: '9 Pier Rd',
          City: 'Half Moon Bay',
          CountrySubDivisionCode: 'CA',
          PostalCode: '94019',
          Country: 'USA',
        },
      },
      { billTo: { line1: '9 Pier Rd', city: 'Half Moon Bay', region: 'CA', postalCode: '94019' } },
    ],
  ])('of %s crosses to internal invoicing once', async (_what, set, shown) => {
    const both = await pair();

    await editThere(both, set);
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject(shown);
    expect(await internalWrites(both)).toEqual(['update']);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
  });

  test('of the customer crosses to the one of the same name, met here for the first time', async () => {
    const both = await pair();
    const other = await idOf(both.world, 'Customer', 'Amberwood Dental Group');

    await editThere(both, { CustomerRef: { value: other } });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ customer: { id: known.otherCustomer } });
    expect(await internalWrites(both)).toEqual(['update']);
  });

  test('of the terms crosses to the terms of the same name', async () => {
    const both = await pair();
    const other = await idOf(both.world, 'Term', 'Net 60');

    await editThere(both, { SalesTermRef: { value: other } });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ terms: 'net-60' });
  });

  test('of a discount crosses', async () => {
    const both = await pair();
    const { Line } = await counterpartOf(both.world, both.id);
    const discount = {
      Amount: 10,
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: { PercentBased: true, DiscountPercent: 10 },
    };

    await editThere(both, {
      Line: [...Line.filter(({ DetailType }) => DetailType !== 'SubTotalLineDetail'), discount],
    });
    await both.world.drainUntilSettled();

    expect(await internally(both)).toMatchObject({ discount: { percent: '10' } });
  });

  test('of the e-mail address stays there: internal invoicing keeps one per customer', async () => {
    const both = await pair();

    await editThere(both, { BillEmail: { Address: 'desk@bluebirdbakery.example' } });
    await both.world.drainUntilSettled();

    expect(await internalWrites(both)).toEqual([]);
    expect(await writesOf(both.world)).toEqual(['Invoice create']);
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    const { explanation } = (await attemptsOf(both.world, both.id)).at(-1) ?? {};
    expect(explanation).toMatch(/has no place for that on an invoice, so it stays in QuickBooks/);
  });

  test('ends Settled, names what it changed, and says which side was written', async () => {
    const both = await pair();

    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await both.world.drainUntilSettled();

    const event = (await eventsFromQuickbooks(both)).at(-1);
    expect(event).toMatchObject({ stage: 'SETTLED', paths: ['customerMemo'] });
    const sentences = event?.sentences.join('\n') ?? '';
    expect(sentences).toMatch(/is on its way to internal invoicing\./);
    expect(sentences).toMatch(/was accepted by internal invoicing\./);
    expect(sentences).not.toMatch(/(to|by) QuickBooks/);
    const { rows } = await both.world.pool.query(
      `SELECT decision->'internalWrites' AS writes FROM attempt WHERE jsonb_array_length(decision->'internalWrites') > 0`,
    );
    expect(rows).toEqual([
      {
        writes: [
          { path: 'customerMemo', label: 'Note to the customer', before: null, after: 'Theirs' },
        ],
      },
    ]);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test('with a record that only QuickBooks has waits in plain words where the bridge may make none, and goes on when it is changed', async () => {
    const both = await pair();
    await both.world.pool.query('UPDATE company SET create_missing_references = false');
    const { Id: other } = z
      .looseObject({ Id: z.string() })
      .parse(
        (await both.world.quickbooks.all('Customer')).find(
          ({ DisplayName }) =>
            !['Bluebird Bakery', 'Amberwood Dental Group'].includes(String(DisplayName)),
        ),
      );

    await editThere(both, { CustomerRef: { value: other } });
    await both.world.drainUntilSettled();

    expect(await deadLettersOf(both.world, both.id)).toMatchObject([
      {
        status: 'OPEN',
        reason: 'MISSING_REFERENCE',
        explanation: expect.stringMatching(/^Customer “.+” exists in QuickBooks only/),
      },
    ]);
    expect(await internalWrites(both)).toEqual([]);
    const back = await idOf(both.world, 'Customer', 'Amberwood Dental Group');
    await editThere(both, { CustomerRef: { value: back } });
    await both.world.drainUntilSettled();
    expect(await internally(both)).toMatchObject({ customer: { id: known.otherCustomer } });
    expect(await deadLettersOf(both.world, both.id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  });
});

test('our own writes come back from both sides and cause nothing', async () => {
  const both = await pair();
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { poNumber: 'PO-1' });
  await both.world.drainUntilSettled();
  const { rows: before } = await both.world.pool.query(
    'SELECT count(*)::int AS intents FROM intent',
  );

  await both.world.pool.query(
    `UPDATE link SET due_at = clock_timestamp(), quickbooks_fresh = false`,
  );
  await both.world.pool.query(
    `INSERT INTO outbox_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
       'event_key', e.event_key || ' again', 'link_id', NULL, 'sequence', NULL, 'ended_at', NULL, 'stage', 'QUEUED'))).* FROM outbox_event e`,
  );
  await both.world.drainUntilSettled();

  const { rows: after } = await both.world.pool.query(
    'SELECT count(*)::int AS intents FROM intent',
  );
  expect(after).toEqual(before);
  expect(await internalWrites(both)).toEqual(['update']);
  expect(await writesOf(both.world)).toEqual(['Invoice create', 'Invoice update']);
});
