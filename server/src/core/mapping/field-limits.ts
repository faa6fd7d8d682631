/** Longest texts QuickBooks takes, in characters, and the most of other things (quickbooks.md §3, §7.1, §7.2, §7.6). */
export const fieldLimits = {
  number: 21,
  poNumber: 15,
  customerMemo: 1_000,
  privateNote: 4_000,
  description: 4_000,
  billEmail: 100,
  name: 100,
  /** Marker line with its line break; internal ids are bounded by what fits. */
  marker: 120,
  addressLines: 5,
  significantDigits: 15,
  /** Of quantities and unit prices (quickbooks.md §7.3). */
  decimals: 7,
} as const;

/** Digits of a number that count. */
export const digitsOf = (number: string | null): number =>
  (number ?? '').replace(/[-.]/g, '').replace(/^0+/, '').length;

/** Decimal places that say something. */
export const decimalsOf = (number: string): number =>
  (/\.(\d*?)0*$/.exec(number)?.[1] ?? '').length;
