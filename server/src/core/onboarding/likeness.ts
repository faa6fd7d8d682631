import { isGone, type Invoice } from '../invoice/invoice.ts';
import { moneyOf } from '../money/money.ts';
import { daysBetween } from '../time/local-date.ts';

/** An internal and a QuickBooks document that may be one invoice. */
export type AlikePair = {
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  /** Whether the customer of the one is matched with that of the other. */
  readonly isSameCustomer: boolean;
};

export type Likeness = {
  /** 0 to 1, in steps of 0.01. */
  readonly score: number;
  /** Why they look alike and where they differ, in one sentence. */
  readonly reason: string;
  /** So much alike that making the one on the other side could double it. */
  readonly isLikelySame: boolean;
};

/** What two documents are compared by, with what it is worth in hundredths. */
type Sign = {
  readonly words: string;
  readonly worth: number;
  readonly difference: string;
};

const worth = { number: 40, customer: 25, total: 20, date: 10, standing: 5 } as const;

/** Below this nobody wants to see it. */
export const scoreMin = 0.45;

/** Documents dated this close may be one, entered on two days. */
const daysApartMax = 7;

/** How much two documents look alike; pure. */
export function likenessOf(pair: AlikePair): Likeness {
  const signs = signsOf(pair);
  const score = signs.reduce((sum, sign) => sum + sign.worth, 0) / 100;
  const same = signs.filter((sign) => sign.worth > 0).map(({ words }) => words);
  const different = signs.filter((sign) => sign.difference !== '').map((sign) => sign.difference);
  const alike = same.length === 0 ? 'Nothing is the same' : `The same ${listed(same)}`;
  return {
    score,
    reason: different.length === 0 ? `${alike}.` : `${alike}; ${different.join(', ')}.`,
    isLikelySame: isLikelySame(pair),
  };
}

function signsOf({ internal, quickbooks, isSameCustomer }: AlikePair): readonly Sign[] {
  const sign = (
    name: keyof typeof worth,
    words: string,
    isSame: boolean,
    difference: string,
    part = 1,
  ): Sign => ({
    words,
    worth: isSame ? Math.round(worth[name] * part) : 0,
    difference: isSame && part === 1 ? '' : difference,
  });
  const [here, there] = [internal, quickbooks];
  const names = `the customer is ${here.customer.name} internally and ${there.customer.name} in QuickBooks`;
  const isNamesake = loosely(here.customer.name) === loosely(there.customer.name);
  const days = Math.abs(daysBetween(here.issueDate, there.issueDate));
  return [
    sign(
      'number',
      'number',
      isSameNumber(here, there),
      `the number is ${here.number ?? 'none'} internally and ${there.number ?? 'none'} in QuickBooks`,
      here.number === there.number ? 1 : 0.75,
    ),
    sign('customer', 'customer', isSameCustomer || isNamesake, names, isSameCustomer ? 1 : 0.8),
    sign(
      'total',
      'total',
      isSameTotal(here, there),
      `the total is ${here.derived.total} ${here.currency} internally and ${there.derived.total} ${there.currency} in QuickBooks`,
    ),
    sign(
      'date',
      days === 0 ? 'date' : 'week',
      days <= daysApartMax,
      `it is dated ${here.issueDate} internally and ${there.issueDate} in QuickBooks`,
      days === 0 ? 1 : 0.5,
    ),
    sign(
      'standing',
      'state',
      isGone(here) === isGone(there),
      isGone(here) ? 'it is cancelled internally' : 'it is cancelled in QuickBooks',
    ),
  ];
}

/** 'INV-0012' and '12' are one to a person who reads them side by side. */
const bareNumber = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^(?:inv|invoice|re|rechnung)?0*/u, '');

function isSameNumber({ number: here }: Invoice, { number: there }: Invoice): boolean {
  if (here === null || there === null) return false;
  return here === there || (bareNumber(here) !== '' && bareNumber(here) === bareNumber(there));
}

const isSameTotal = (here: Invoice, there: Invoice): boolean =>
  here.currency === there.currency &&
  moneyOf(here.derived.total, here.currency).minor ===
    moneyOf(there.derived.total, there.currency).minor;

const loosely = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/**
 * The same number with one thing more, or the same money of the same customer on the same day, under whatever number:
 * people who typed an invoice in by hand often let the other system number it.
 */
function isLikelySame({ internal, quickbooks, isSameCustomer }: AlikePair): boolean {
  if (isGone(internal) || isGone(quickbooks)) return false;
  const isCustomer =
    isSameCustomer || loosely(internal.customer.name) === loosely(quickbooks.customer.name);
  const isTotal = isSameTotal(internal, quickbooks);
  const isNumber = isSameNumber(internal, quickbooks);
  return (
    (isNumber && (isCustomer || isTotal)) ||
    (isCustomer && isTotal && internal.issueDate === quickbooks.issueDate)
  );
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length <= 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
