import { describe, expect, test } from 'vitest';
import type { PaymentPair } from '#core/payment/pairing.ts';
import type { AccountingPayment, PaymentContent } from '#core/payment/payment.ts';
import { after, amount, content, payment, plan, room, type Books } from './books.ts';

const empty: Books = { total: amount(100_00), internal: [], quickbooks: [], pairs: [] };
const held = (id: string, what: PaymentContent) => ({ id, content: what });

/** A pair that both sides agree on; the bridge made its QuickBooks half unless said. */
const agreed = (
  what: PaymentContent,
  { madeIn = 'quickbooks', theirs = {} }: { madeIn?: PaymentPair['madeIn']; theirs?: object } = {},
): Books => ({
  ...empty,
  internal: [held('pay_1', what)],
  quickbooks: [payment('71', what, theirs)],
  pairs: [
    {
      key: 'i-pay_1',
      internalId: 'pay_1',
      quickbooksId: '71',
      base: { internal: what, quickbooks: what },
      madeIn,
    },
  ],
});

const here = (books: Books, what: PaymentContent): Books => ({
  ...books,
  internal: [held('pay_1', what)],
});
const there = (books: Books, what: PaymentContent): Books => ({
  ...books,
  quickbooks: books.quickbooks.map((one): AccountingPayment => ({
    ...one,
    date: what.date,
    reference: what.reference,
    total: what.amount,
    applications: [{ invoiceId: 'q1', amount: what.amount }],
  })),
});

/** What is decided, without its sentences. */
const decided = (books: Books, more = {}) => {
  const { steps, disputes, stops } = plan(books, more);
  return {
    steps: steps.map(({ kind, side }) => `${kind} in ${side}`),
    disputes: disputes.map(({ field }) => field ?? 'whole'),
    stops: stops.map(({ reason }) => reason),
  };
};
const nothing = { steps: [], disputes: [], stops: [] };

describe('a payment that one side has', () => {
  test('is recorded on the other', () => {
    expect(decided({ ...empty, internal: [held('pay_1', content(10_00))] })).toEqual({
      ...nothing,
      steps: ['create in quickbooks'],
    });
    expect(decided({ ...empty, quickbooks: [payment('71', content(10_00))] })).toEqual({
      ...nothing,
      steps: ['create in internal'],
    });
  });

  test('and is more than the other side asks for waits for a person', () => {
    const books = { ...empty, internal: [held('pay_1', content(100_01))] };
    expect(decided(books)).toEqual({ ...nothing, disputes: ['whole'] });
    expect(plan(books).disputes[0]?.why).toContain('no more than 100.00 USD');
  });

  test('and is dated in closed books is not sent', () => {
    const books = { ...empty, internal: [held('pay_1', content(10_00, 5))] };
    expect(decided(books, { closed: 5 })).toEqual({ ...nothing, stops: ['PERIOD_CLOSED'] });
    expect(decided(books, { closed: 4 })).toEqual({ ...nothing, steps: ['create in quickbooks'] });
  });
});

describe('payments that both sides have', () => {
  const both = (ours: readonly PaymentContent[], theirs: readonly PaymentContent[]): Books => ({
    ...empty,
    internal: ours.map((what, place) => held(`pay_${place + 1}`, what)),
    quickbooks: theirs.map((what, place) => payment(`7${place + 1}`, what)),
  });

  test.for([
    ['on the same day', 1, true],
    ['three days apart', 4, true],
    ['four days apart', 5, false],
  ] as const)('of one amount %s', ([, day, same]) => {
    const books = both([content(10_00, 1)], [content(10_00, day)]);
    expect(decided(books)).toEqual(
      same ? nothing : { ...nothing, steps: ['create in quickbooks', 'create in internal'] },
    );
    expect(plan(books).agreed).toHaveLength(same ? 1 : 0);
  });

  test('are the same by our marker, whatever their day', () => {
    const books: Books = {
      ...both([content(10_00, 1)], []),
      quickbooks: [payment('71', content(10_00, 20), { marker: 'pay_1' })],
    };
    expect(decided(books)).toEqual(nothing);
    expect(plan(books).agreed[0]?.pair).toMatchObject({ madeIn: 'quickbooks' });
  });

  test('and could be several are never guessed at', () => {
    const two = both([content(10_00)], [content(10_00), content(10_00)]);
    expect(decided(two)).toEqual({ ...nothing, disputes: ['whole'] });
    const four = both([content(10_00), content(10_00)], [content(10_00), content(10_00)]);
    expect(decided(four)).toEqual({ ...nothing, disputes: ['whole'] });
  });

  test('of one number and different amounts are two payments', () => {
    expect(decided(both([content(10_00)], [content(11_00)])).steps).toEqual([
      'create in quickbooks',
      'create in internal',
    ]);
  });
});

describe('a pair', () => {
  const before = content(10_00, 1, 'A');
  const states = [before, content(20_00, 1, 'A'), content(30_00, 1, 'A'), null] as const;

  /** Every pattern of what each side did to the amount or the whole: kept, raised to 20, raised to 30, removed. */
  const outcomes: readonly (readonly string[])[] = [
    ['', 'change in internal', 'change in internal', 'remove in internal'],
    ['change in quickbooks', '', 'dispute', 'dispute'],
    ['change in quickbooks', 'dispute', '', 'dispute'],
    ['remove in quickbooks', 'dispute', 'dispute', ''],
  ];
  for (const [row, ours] of states.entries())
    for (const [column, theirs] of states.entries())
      test(`internally ${ours?.amount ?? 'removed'}, in QuickBooks ${theirs?.amount ?? 'removed'}`, () => {
        const books = agreed(before);
        const moved: Books = {
          ...books,
          internal: ours === null ? [] : [held('pay_1', ours)],
          quickbooks: theirs === null ? [] : there(books, theirs).quickbooks,
        };
        const { steps, disputes } = decided(moved);
        expect([...steps, ...disputes.map(() => 'dispute')].join()).toBe(outcomes[row]?.[column]);
      });

  test('whose fields each side moved another of merges without a question', () => {
    const books = there(here(agreed(before), content(10_00, 2, 'A')), content(10_00, 1, 'B'));
    expect(decided(books)).toEqual({
      ...nothing,
      steps: ['change in quickbooks', 'change in internal'],
    });
    const [first] = plan(books).steps;
    const [second, ...rest] = first === undefined ? [] : plan(after(books, first, '')).steps;
    expect(rest).toEqual([]);
    expect(second).toMatchObject({ side: 'internal', fields: ['reference'] });
  });

  test('that grows beyond what is asked for waits for a person', () => {
    expect(decided(here(agreed(before), content(100_01, 1, 'A')))).toEqual({
      ...nothing,
      disputes: ['amount'],
    });
  });

  test('whose payment is in the bank neither changes its total nor goes', () => {
    const banked = agreed(before, { theirs: { isDeposited: true } });
    expect(decided(here(banked, content(20_00, 1, 'A'))).stops).toEqual(['VALIDATION']);
    expect(decided({ ...banked, internal: [] }).stops).toEqual(['VALIDATION']);
    expect(decided(here(banked, content(10_00, 1, 'B'))).steps).toEqual(['change in quickbooks']);
  });
});

describe('a QuickBooks payment over several invoices', () => {
  const before = content(10_00, 1);
  const others = [{ invoiceId: 'q2', amount: amount(30_00) }];
  const over = agreed(before, {
    madeIn: 'internal',
    theirs: {
      total: amount(40_00),
      applications: [{ invoiceId: 'q1', amount: before.amount }, ...others],
    },
  });

  test('gives less to this one and keeps its total', () => {
    const [step] = plan(here(over, content(4_00, 1))).steps;
    if (step === undefined) throw new Error('nothing was planned');
    expect(after(over, step, '').quickbooks).toMatchObject([
      { total: '40.00', applications: [{ invoiceId: 'q1', amount: '4.00' }, ...others] },
    ]);
  });

  test('grows when it gives more than it has', () => {
    const [step] = plan(here(over, content(15_00, 1))).steps;
    if (step === undefined) throw new Error('nothing was planned');
    expect(after(over, step, '').quickbooks).toMatchObject([{ total: '45.00' }]);
  });

  test('loses this one’s line alone', () => {
    const [step] = plan({ ...over, internal: [] }).steps;
    if (step === undefined) throw new Error('nothing was planned');
    expect(after(over, step, '').quickbooks).toMatchObject([
      { total: '40.00', applications: others },
    ]);
  });

  test('has one date for all: a person decides', () => {
    expect(decided(here(over, content(10_00, 2)))).toEqual({ ...nothing, disputes: ['date'] });
    expect(decided(here(over, content(5_00, 2)))).toEqual({
      steps: ['change in quickbooks'],
      disputes: ['date'],
      stops: [],
    });
  });
});

test('a payment that a person entered in QuickBooks loses its line and stays; one of ours goes', () => {
  const before = content(10_00, 1);
  for (const madeIn of ['internal', 'quickbooks'] as const) {
    const books = { ...agreed(before, { madeIn }), internal: [] };
    const [step] = plan(books).steps;
    if (step === undefined) throw new Error('nothing was planned');
    const left = after(books, step, '').quickbooks;
    expect(left.map(({ applications }) => applications)).toEqual(madeIn === 'internal' ? [[]] : []);
  }
});

test('what makes room goes first, new payments last', () => {
  const books: Books = {
    ...agreed(content(90_00, 1)),
    internal: [held('pay_1', content(50_00, 1)), held('pay_2', content(50_00, 9))],
  };
  expect(room(books, 'quickbooks')).toBe('10.00');
  expect(decided(books)).toEqual({
    ...nothing,
    steps: ['change in quickbooks'],
    disputes: ['whole'],
  });
  const [step] = plan(books).steps;
  if (step === undefined) throw new Error('nothing was planned');
  expect(decided(after(books, step, ''))).toEqual({ ...nothing, steps: ['create in quickbooks'] });
});

test('a reference longer than QuickBooks holds is not sent', () => {
  const books = { ...empty, internal: [held('pay_1', content(10_00, 1, 'x'.repeat(22)))] };
  expect(decided(books)).toEqual({ ...nothing, stops: ['VALIDATION'] });
});

test('a reference longer than QuickBooks holds is not offered in a dispute about it, and the reason is kept', () => {
  const what = content(10_00, 1, 'CHK-1');
  const long = here(agreed(what), content(10_00, 1, 'x'.repeat(22)));

  const { disputes } = plan(there(long, content(10_00, 1, 'CHK-2')));

  expect(disputes).toMatchObject([
    {
      field: 'reference',
      options: [{ choice: 'KEEP_QUICKBOOKS' }],
      barred: [
        {
          choice: 'KEEP_INTERNAL',
          why: expect.stringMatching(/^The reference .* has 22 characters and QuickBooks holds 21/),
        },
      ],
    },
  ]);
});

describe('a second copy of what the bridge made', () => {
  const what = content(10_00);
  const copied = (books: Books, marker: string | null): Books => ({
    ...books,
    quickbooks: [...books.quickbooks, payment('72', what, { marker })],
  });
  const copiedHere = (books: Books, more: PaymentContent): Books => ({
    ...books,
    internal: [...books.internal, held('pay_2', more)],
  });

  test('in QuickBooks, known by its mark, is asked about and never crosses', () => {
    const asked = { ...nothing, disputes: ['whole'] };

    expect(decided(copied(agreed(what), 'pay_1'))).toEqual(asked);
    expect(decided(copied(agreed(what), null)).steps).toEqual(['create in internal']);
    expect(plan(copied(agreed(what), 'pay_1')).disputes).toMatchObject([
      { key: 'q-72', internal: null, quickbooks: '10.00' },
    ]);
  });

  test('in internal invoicing, known by saying just the same, is asked about and never crosses', () => {
    const made = agreed(what, { madeIn: 'internal' });

    expect(decided(copiedHere(made, what))).toEqual({ ...nothing, disputes: ['whole'] });
    for (const other of [content(11_00), content(10_00, 2), content(10_00, 1, 'CHK-8')])
      expect(decided(copiedHere(made, other)).steps).toEqual(['create in quickbooks']);
  });

  test('crosses when the first is gone or people entered both', () => {
    expect(decided(copiedHere(agreed(what, { madeIn: null }), what)).disputes).toEqual([]);
    const alone = { ...copied(agreed(what), 'pay_1'), internal: [] };
    expect(decided({ ...alone, quickbooks: alone.quickbooks.slice(1) }).disputes).toEqual([]);
  });
});
