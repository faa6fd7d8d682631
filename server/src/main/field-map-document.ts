import type { FieldEntry, FieldRule } from '#core/mapping/field-entry.ts';
import { fieldMap } from '#core/mapping/field-map.ts';

const ruleWords = {
  ASK: 'ask',
  LATEST_WINS: 'latest wins',
  INTERNAL_WINS: 'internal wins',
  QUICKBOOKS_WINS: 'QuickBooks wins',
  READ_ONLY: 'read only',
} as const satisfies Record<FieldRule, string>;

/** What stays on its side: seen, carried through every write unchanged, never compared. */
const carried: readonly (readonly [string, string])[] = [
  [
    'Bundles (`GroupLineDetail`)',
    'A bundle prices its inner lines itself; internal invoicing has no such line.',
  ],
  [
    'Links of reimbursed charges (`LinkedTxn[ReimburseCharge]`, `MarkupInfo`)',
    'The line crosses; its link belongs to an expense that only QuickBooks knows. A line of a mere markup has no `ItemRef`.',
  ],
  ['Projects (`ProjectRef`)', 'Internal invoicing has no projects.'],
  ['Classes (`ClassRef`)', 'Internal invoicing has no classes.'],
];

/** What of payments crosses: they are documents of their own, and go both ways beside their invoice. */
const payments: readonly (readonly [string, string])[] = [
  [
    'Amount given to the invoice',
    '`Payment.Line[].Amount` of the line linked to it; in the other direction too. Never more than the invoice still asks for.',
  ],
  ['Date', '`Payment.TxnDate`'],
  [
    'Method',
    '`Payment.PaymentMethodRef`; the payment crosses without one that has no counterpart ([decision 0004](decisions/0004-money-does-not-wait-for-its-method.md)).',
  ],
  ['Reference', '`Payment.PaymentRefNum`, up to 21 characters'],
  [
    'Removal',
    'Taken off the invoice on the other side; a QuickBooks payment goes as a whole only where the bridge made it and this was its last line.',
  ],
  [
    'Date, method and reference of a payment over several invoices',
    'Cross from QuickBooks like any other. Changed internally they wait for a person, since in QuickBooks they belong to the other invoices as well.',
  ],
  ['Credits, write-offs and unapplied money', 'Shown, never written.'],
];

/** What QuickBooks makes or keeps for itself beyond the fields of the contract. */
const own: readonly (readonly [string, string])[] = [
  ['Sub-total lines', 'Made by QuickBooks; dropped before sending, never compared.'],
  [
    'A second discount, or a description line that has an amount',
    'The contract has one discount, and words that cost nothing; such a line is carried as it is.',
  ],
  [
    '`CustomField`, `ShipAddr`, `ShipFromAddr`, `FreeFormAddress`, `DepartmentRef`, `Deposit`, `RecurDataRef`',
    'Not in the contract; a write does not touch them.',
  ],
  [
    '`ApplyTaxAfterDiscount`',
    'Stated with a discount outside the US, where QuickBooks computes the tax: internal invoicing takes the discount off first. Otherwise a write does not touch it.',
  ],
  [
    '`EmailStatus`, `DeliveryInfo`, `PrintStatus`, `AllowIPNPayment`, `AllowOnlinePayment`, `AllowOnlineCreditCardPayment`, `AllowOnlineACHPayment`',
    'How QuickBooks sends, prints and lets pay; a write does not touch it.',
  ],
  [
    'Links to estimates (`LinkedTxn[Estimate]`)',
    'Estimates live in QuickBooks alone; the lines made from one cross.',
  ],
  [
    '`ItemAccountRef`, `DiscountAccountRef`',
    'They follow from the item and from the company’s settings.',
  ],
  [
    '`BillAddr.Id`, `BillAddr.Lat`, `BillAddr.Long`, `MetaData.CreateTime`, `domain`, `sparse`',
    'Given to every address and every record.',
  ],
  ['`TxnTaxDetail.TaxLine`', 'Computed by QuickBooks from the tax code or the lines.'],
];

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${cell(text)}\``;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function fieldRow(entry: FieldEntry): string {
  return row([
    code(entry.path),
    cell(entry.label),
    code(entry.internalPath),
    entry.quickbooksPath === null ? '–' : cell(entry.quickbooksPath),
    ...(entry.path === 'payments'
      ? ['payment by payment', 'ask, see below']
      : [entry.comparator, ruleWords[entry.rule]]),
    entry.group ?? '–',
    entry.movesMoney ? 'yes' : '–',
  ]);
}

const table = (head: readonly string[], rows: readonly string[]): readonly string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows,
];

/** The field map as a page for people; docs/field-map.md is this text. */
export function fieldMapDocument(): string {
  return [
    '# Field map',
    '',
    'Printed from `server/src/core/mapping/field-list.ts` by `node server/src/main/print-field-map.ts`; a test compares them.',
    '',
    'Every field of the internal contract, where it lives in QuickBooks, how two values are judged equal, and who decides when',
    'both sides moved it to different values. Fields of one group are judged and chosen as one; on lines the group is that of',
    'one line. "Existence" is coupled with everything: gone against an edit is always a conflict.',
    '',
    ...table(
      ['Path', 'Field', 'Internal', 'QuickBooks', 'Compared as', 'Rule', 'Group', 'Moves money'],
      fieldMap.map(fieldRow),
    ),
    '',
    '## Comparisons',
    '',
    '- No value and empty text are equal everywhere. Numbers are equal whatever zeros they end in.',
    "- `note`: without the bridge's marker, the last line `LedgerBridge <internal id>`, and without the word Voided that QuickBooks puts first.",
    '- `unit price`: equal also where both prices explain the same amount of the same quantity, since QuickBooks rewrites prices to fit.',
    '- `address`: spaces at the ends do not count; a country is the same in two letters or three.',
    '- `same record`, `tax code`: by stored pairing of the records, never by name; on US lines TAX means the tax code of the whole invoice.',
    '- `gone or not`: void and deleted are one value.',
    '',
    '## Payments',
    '',
    'Documents of their own: each payment crosses both ways, is paired with one of the other side and compared field by field. Where both sides changed it, a person decides.',
    '',
    ...table(
      ['What', 'How'],
      payments.map(([what, how]) => row([what, how])),
    ),
    '',
    '## Carried, not mapped',
    '',
    'Seen and kept: they survive every write of the bridge unchanged.',
    '',
    ...table(
      ['What', 'Why'],
      carried.map(([what, why]) => row([what, why])),
    ),
    '',
    '## QuickBooks’ own',
    '',
    ...table(
      ['What', 'Why'],
      own.map(([what, why]) => row([what, why])),
    ),
    '',
  ].join('\n');
}
