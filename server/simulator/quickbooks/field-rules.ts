import type { ChangeSet } from './change-set.ts';
import { refuse } from './fault-bodies.ts';
import { objectOf, textOf, type JsonObject } from './json.ts';
import { isDate } from './pacific-time.ts';

const enumerations: Readonly<Record<string, readonly string[]>> = {
  EmailStatus: ['NotSet', 'NeedToSend', 'EmailSent'],
  GlobalTaxCalculation: ['TaxInclusive', 'TaxExcluded', 'NotApplicable'],
  PrintStatus: ['NotSet', 'NeedToPrint', 'PrintComplete'],
};

const emailFields = ['BillEmail', 'BillEmailCc', 'BillEmailBcc', 'PrimaryEmailAddr'];
const dateFields = ['TxnDate', 'DueDate', 'ShipDate'];

/** Refuses values of a wrong form: lengths (2050), enumerations (2170), dates (2060), addresses (2210). */
export function requireSoundFields(change: ChangeSet, body: JsonObject): void {
  requireLength(body, 'PrivateNote', change.behaviour.privateNoteMax);
  requireLength(body, 'PONumber', 15);
  requireTextLength(textOf(objectOf(body, 'CustomerMemo'), 'value'), 'CustomerMemo', 1_000);
  for (const [field, values] of Object.entries(enumerations)) requireMember(body, field, values);
  for (const field of dateFields) requireDate(body, field);
  if (change.actor === 'api') for (const field of emailFields) requireEmail(body, field);
}

/** Refuses a text that is too long (2050). */
export function requireLength(body: JsonObject, field: string, max: number): void {
  requireTextLength(textOf(body, field), field, max);
}

function requireTextLength(text: string | undefined, field: string, max: number): void {
  if (text === undefined || text.length <= max) return;
  refuse(
    '2050',
    `String length specified does not match the supported length. Min:0 , Max:${max} supplied Length:${text.length}`,
    field,
  );
}

function requireMember(body: JsonObject, field: string, values: readonly string[]): void {
  const value = body[field];
  if (value === undefined || value === null || value === '') return;
  if (typeof value === 'string' && values.includes(value)) return;
  refuse('2170', `Invalid Enumeration : ${JSON.stringify(value)}`, field);
}

function requireDate(body: JsonObject, field: string): void {
  const value = body[field];
  if (value === undefined || value === null || value === '') return;
  if (typeof value === 'string' && isDate(value.slice(0, 10))) return;
  refuse('2060', `Invalid Date Format : ${JSON.stringify(value)}`, field);
}

/** The screen saves such addresses, the API does not (quickbooks.md §7.6, §2.8). */
function requireEmail(body: JsonObject, field: string): void {
  const address = textOf(objectOf(body, field), 'Address');
  if (address === undefined || address === '') return;
  requireTextLength(address, `${field}.Address`, 100);
  const isSound = address
    .split(',')
    .every((part) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(part.trim()));
  if (isSound) return;
  refuse(
    '2210',
    `Invalid Email Address format : Email Address does not conform to the RFC 822 standard. Supplied value:${address}.`,
    `${field}.Address`,
  );
}
