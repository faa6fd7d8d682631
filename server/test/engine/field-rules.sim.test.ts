import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { lineOf } from '../support/companies.ts';
import { setUndoWindow } from '../support/decisions.ts';
import { conflictsOf, counterpartOf, linkOf, soldLines } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, internally, pair, type Pair } from '../support/pair.ts';

/** One conflict of every shape: a field, a coupled group, a line's text, a line's amounts, a removed line that was edited. */
const disputed = {
  field: ['customerMemo'],
  dates: ['issueDate', 'terms', 'dueDate'],
  text: ['lines[*].description'],
  amounts: ['lines[*].item', 'lines[*].quantity', 'lines[*].unitPrice', 'lines[*].amount'],
  line: ['lines[*]'],
} as const;
const everyPattern = Object.values(disputed).flat();

async function agreed(): Promise<Pair> {
  const lines = ['First', 'Second', 'Third'].map((description, index) =>
    lineOf('1', `${index + 1}0`, { description }),
  );
  const both = await pair({ customerMemo: 'Before', dueDate: '2026-12-20', lines });
  await setUndoWindow(both, 0);
  return both;
}

async function rule(both: Pair, patterns: readonly string[], wanted: FieldRule) {
  const operator = operatorOf(both.world);
  for (const pattern of patterns)
    await operator.upsertFieldPolicy({
      companyId: both.world.companyId,
      pattern,
      rule: wanted,
      tolerance: null,
      expectedVersion: null,
      applyToOpen: false,
    });
}

const sold = z.looseObject({ SalesItemLineDetail: z.looseObject({}) });

/** Theirs: everything is edited, and the third line is removed. */
async function theirs(both: Pair) {
  const [first, second] = soldLines(await counterpartOf(both.world, both.id));
  const detail = sold.parse(second).SalesItemLineDetail;
  await editThere(both, {
    CustomerMemo: { value: 'Theirs' },
    DueDate: '2027-02-02',
    Line: [
      { ...first, Description: 'Theirs' },
      { ...second, Amount: 60, SalesItemLineDetail: { ...detail, Qty: 3, UnitPrice: 20 } },
    ],
  });
}

/** Ours: everything is edited, and the third line's text with it. */
async function ours(both: Pair) {
  const { lines } = await internally(both);
  const [first, second, third] = z.array(z.looseObject({})).parse(lines);
  await editHere(both, {
    customerMemo: 'Ours',
    dueDate: '2027-01-01',
    lines: [
      { ...first, description: 'Ours' },
      { ...second, quantity: '5', amount: undefined },
      { ...third, description: 'Ours too' },
    ],
  });
}

const shownHere = async (both: Pair) => {
  const { customerMemo, dueDate, lines } = await internally(both);
  const shown = z
    .array(z.object({ description: z.string(), quantity: z.string() }))
    .parse(lines)
    .map(({ description, quantity }) => `${quantity} ${description}`);
  return { memo: customerMemo, dueDate, lines: shown };
};

const shownThere = async (both: Pair) => {
  const invoice = await counterpartOf(both.world, both.id);
  const { value } = z.object({ value: z.string() }).parse(invoice['CustomerMemo']);
  const lines = soldLines(invoice).map(
    (line) => `${String(sold.parse(line).SalesItemLineDetail['Qty'])} ${line.Description}`,
  );
  return { memo: value, dueDate: invoice['DueDate'], lines };
};

const oursEverywhere = {
  memo: 'Ours',
  dueDate: '2027-01-01',
  lines: ['1 Ours', '5 Second', '1 Ours too'],
};
const theirsEverywhere = {
  memo: 'Theirs',
  dueDate: '2027-02-02',
  lines: ['1 Theirs', '3 Second'],
};

const expectEverywhere = async (both: Pair, shown: object) => {
  expect(await shownHere(both)).toEqual(shown);
  expect(await shownThere(both)).toEqual(shown);
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
};

/** What the losing side had is kept, once for each shape (invariant I11). */
async function expectKept(both: Pair, byRule: FieldRule) {
  const conflicts = await both.world.rows(
    z.object({ status: z.string(), fields: z.array(z.looseObject({ rule: z.string() })) }),
    `SELECT status, fields FROM conflict ORDER BY detected_at`,
  );
  expect(conflicts.map(({ status }) => status)).toEqual(['RESOLVED']);
  expect(conflicts[0]?.fields.map(({ group }) => group).toSorted()).toEqual(
    ['amount', 'customerMemo', 'description', 'issueDate', 'line'].toSorted(),
  );
  expect(new Set(conflicts[0]?.fields.map((field) => field.rule))).toEqual(new Set([byRule]));
  expect(await conflictsOf(both.world, both.id)).toMatchObject([
    {
      fields: expect.arrayContaining([
        expect.objectContaining({
          group: 'customerMemo',
          internal: '["Ours"]',
          quickbooks: '["Theirs"]',
        }),
      ]),
    },
  ]);
}

describe('a rule of the company over every shape of conflict', () => {
  test.each([
    ['INTERNAL_WINS', oursEverywhere],
    ['QUICKBOOKS_WINS', theirsEverywhere],
  ] as const)('%s writes one side’s values and keeps the other’s', async (wanted, shown) => {
    const both = await agreed();
    await rule(both, everyPattern, wanted);

    await theirs(both);
    await ours(both);
    await both.world.drainUntilSettled();

    await expectEverywhere(both, shown);
    await expectKept(both, wanted);
    expect(await both.world.brokenAudit()).toEqual([]);
  });

  test.each([
    ['ours', 'quickbooks', oursEverywhere],
    ['theirs', 'invoicing', theirsEverywhere],
  ] as const)(
    'LATEST_WINS takes %s when the other edit was 10 s before',
    async (_whose, earlier, shown) => {
      const both = await agreed();
      await rule(both, everyPattern, 'LATEST_WINS');
      const side = both.world[earlier];

      await side.advance(-10_000);
      await (earlier === 'quickbooks' ? theirs(both) : ours(both));
      await side.advance(10_000);
      await (earlier === 'quickbooks' ? ours(both) : theirs(both));
      await both.world.drainUntilSettled();

      await expectEverywhere(both, shown);
      await expectKept(both, 'LATEST_WINS');
    },
  );

  test.each([
    ['the edits are seconds apart', 0, 'less than 5 seconds apart'],
    ['QuickBooks’ clock is ahead', 60_000, 'the clock of QuickBooks is more than 2 seconds off'],
    ['QuickBooks’ clock is behind', -60_000, 'the clock of QuickBooks is more than 2 seconds off'],
  ])('LATEST_WINS asks a person while %s, and says why', async (_what, offMs, why) => {
    const both = await agreed();
    await rule(both, everyPattern, 'LATEST_WINS');
    await both.world.quickbooks.advance(offMs);

    await theirs(both);
    await ours(both);
    await both.world.drainUntilSettled();

    expect(await linkOf(both.world, both.id)).toMatchObject({
      status: 'CONFLICT',
      reason: expect.stringContaining(why),
    });
    expect(await shownHere(both)).toEqual(oursEverywhere);
    expect(await shownThere(both)).toEqual(theirsEverywhere);
  });

  test('READ_ONLY leaves each side what it has, where no money moves', async () => {
    const both = await agreed();
    await rule(both, [...disputed.field, ...disputed.dates, ...disputed.text], 'READ_ONLY');

    await editThere(both, { CustomerMemo: { value: 'Theirs' }, DueDate: '2027-02-02' });
    await editHere(both, { customerMemo: 'Ours' });
    await both.world.drainUntilSettled();

    expect(await shownHere(both)).toMatchObject({ memo: 'Ours', dueDate: '2026-12-20' });
    expect(await shownThere(both)).toMatchObject({ memo: 'Theirs', dueDate: '2027-02-02' });
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await conflictsOf(both.world, both.id)).toEqual([]);
  });

  test('taken back in its window never decided anything', async () => {
    const both = await agreed();
    await setUndoWindow(both, 60);
    const operator = operatorOf(both.world);
    const { undoToken } = await operator.upsertFieldPolicy({
      companyId: both.world.companyId,
      pattern: '**',
      rule: 'INTERNAL_WINS',
      tolerance: null,
      expectedVersion: null,
      applyToOpen: false,
    });
    await editThere(both, { CustomerMemo: { value: 'Theirs' } });
    await editHere(both, { customerMemo: 'Ours' });
    await both.world.drainUntilSettled();
    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'CONFLICT' });

    await operator.undo({ token: undoToken ?? '' });
    await operator.syncInvoiceNow({ invoiceId: (await linkOf(both.world, both.id)).id });
    await both.world.drainUntilSettled();

    expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'CONFLICT' });
    expect(await shownThere(both)).toMatchObject({ memo: 'Theirs' });
  });
});
