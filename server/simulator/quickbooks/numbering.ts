import type { ChangeSet } from './change-set.ts';
import { hasCustomNumbers } from './company-settings.ts';
import type { EntityName } from './entities.ts';
import { refuse } from './fault-bodies.ts';
import { textOf, type JsonObject } from './json.ts';

const docNumberMax = 21;

/** The forms that share the sequence of the sales forms (recorded: invoices up to 1043, credit memos from 1044 on). */
const numbered: readonly EntityName[] = [
  'Invoice',
  'CreditMemo',
  'SalesReceipt',
  'RefundReceipt',
  'Estimate',
];

export type NumberWish = {
  readonly body: JsonObject;
  readonly earlier: JsonObject | undefined;
  readonly id: string;
  readonly allowDuplicate: boolean;
};

/** The number a form gets: the sender's, the next of the sequence, or none (quickbooks.md §3). */
export function settleNumber(
  change: ChangeSet,
  entity: EntityName,
  wish: NumberWish,
): string | undefined {
  const sent = textOf(wish.body, 'DocNumber');
  const earlier = textOf(wish.earlier, 'DocNumber');
  const wantsNext = sent === 'AUTO_GENERATE' || wish.body['AutoDocNumber'] === true;
  if (wantsNext) return assignNext(change, entity);
  if (sent === undefined) {
    if (wish.earlier !== undefined) return earlier;
    // On the screen QuickBooks proposes a number whatever the setting is (quickbooks.md §3).
    const isProposed = change.actor === 'human' || !hasCustomNumbers(change);
    return isProposed ? assignNext(change, entity) : undefined;
  }

  if (sent === '') return undefined;
  requireShort(sent);
  if (sent === earlier) return sent;
  if (!wish.allowDuplicate) requireUnused(change, entity, sent, wish.id);
  change.set('lastNumber', sent);
  return sent;
}

function requireShort(number: string): void {
  if (number.length <= docNumberMax) return;
  refuse(
    '2050',
    `String length specified does not match the supported length. Min:0 , Max:${docNumberMax} supplied Length:${number.length}`,
    'DocNumber',
  );
}

/** The tail of the detail names the form that holds the number: the way back to a create whose answer was lost. */
function requireUnused(change: ChangeSet, entity: EntityName, number: string, id: string): void {
  if (change.behaviour.duplicateDocNumber === 'accept') return;
  const holder = change
    .all(entity)
    .find((form) => textOf(form, 'DocNumber') === number && textOf(form, 'Id') !== id);
  if (holder === undefined) return;
  refuse(
    '6140',
    `Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=${number} is assigned to TxnType=${entity} with TxnId=${textOf(holder, 'Id')}`,
    '',
  );
}

/** The sequence goes on from the last number seen, prefix and all (quickbooks.md §3). */
function assignNext(change: ChangeSet, entity: EntityName): string {
  const used = new Set(change.all(entity).map((form) => textOf(form, 'DocNumber')));
  let number = nextNumber(change.setting('lastNumber') ?? latestNumber(change));
  while (used.has(number)) number = nextNumber(number);
  change.set('lastNumber', number);
  return number;
}

function latestNumber(change: ChangeSet): string {
  const forms = numbered.flatMap((entity) => change.all(entity));
  const withNumber = forms.filter((form) => /\d$/.test(textOf(form, 'DocNumber') ?? ''));
  const latest = withNumber.reduce<JsonObject | undefined>(
    (last, form) => (Number(textOf(form, 'Id')) > Number(textOf(last, 'Id') ?? -1) ? form : last),
    undefined,
  );
  return textOf(latest, 'DocNumber') ?? '1000';
}

/** `App_1000` is followed by `App_1001`, `INV-0099` by `INV-0100`. */
function nextNumber(number: string): string {
  const match = /^(.*?)(\d+)$/.exec(number);
  const digits = match?.[2];
  if (digits === undefined) return `${number}1`.slice(-docNumberMax);
  const next = String(BigInt(digits) + 1n).padStart(digits.length, '0');
  return `${match?.[1] ?? ''}${next}`.slice(-docNumberMax);
}
