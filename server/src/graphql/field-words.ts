import type { ValueKind } from '#core/mapping/field-entry.ts';
import { fieldFor } from '#core/mapping/field-map.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import type { FieldValueShape } from './field-value.ts';

type FieldWords = {
  readonly label: string;
  readonly kind: ValueKind;
  readonly affectsTotal: boolean;
};

const isWholeLine = (path: string): boolean => /^lines\[[^\]]*\]$/.test(path);

/** A payment, or one field of it: 'payments[key=P1].date'. */
const paymentPath = /^payments\[[^\]]*\](?:\.(.+))?$/;
/** The record on the other side that one stands for: 'reference.TAX_CODE.tax_3'. */
const referencePath = /^reference\.([A-Z_]+)\.(.+)$/;

const capitalized = (name: string): string => {
  const words = name.replaceAll('_', ' ').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

/** Words for what is no field of an invoice itself; null when the path is of another form. */
function besideTheFields(path: string): string | null {
  const payment = paymentPath.exec(path);
  if (payment !== null) return payment[1] === undefined ? 'Payment' : `Payment ${payment[1]}`;
  const reference = referencePath.exec(path);
  if (reference === null) return null;
  const [, kind = '', id = ''] = reference;
  return `${capitalized(kind)} ${id}`;
}

/** Words for a stable path; 'lines[key=A7].quantity' speaks as 'Quantity', what is not mapped by its own name. */
export function wordsOfPath(path: string): FieldWords {
  if (isWholeLine(path)) return { label: 'Line', kind: 'LINE', affectsTotal: true };
  const beside = besideTheFields(path);
  if (beside !== null) return { label: beside, kind: 'TEXT', affectsTotal: false };
  const entry = fieldFor(path);
  if (entry === null) {
    const label = path.slice(path.lastIndexOf('.') + 1);
    return { label, kind: 'TEXT', affectsTotal: false };
  }
  return { label: entry.label, kind: entry.kind, affectsTotal: entry.movesMoney };
}

const addressKeys = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'];

/** A party by its name, a discount by its size, a line by its text, a payment by amount and day, an address on one line. */
function objectText(json: JsonObject): string {
  const { name, kind, percent, amount, date, description } = json;
  if (typeof name === 'string') return name;
  if (kind === 'percent' && typeof percent === 'string') return `${percent} %`;
  if (typeof description === 'string') return description;
  if (typeof amount === 'string') return typeof date === 'string' ? `${amount} on ${date}` : amount;
  const parts = addressKeys.map((key) => json[key]).filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(', ') : JSON.stringify(json);
}

function textOf(json: Json): string {
  if (typeof json === 'boolean') return json ? 'Yes' : 'No';
  if (isJsonObject(json)) return objectText(json);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** A value as the contract shows it; null where there is none. */
export function valueOf(
  path: string,
  json: Json | undefined,
  currency: string | null,
): FieldValueShape | null {
  if (json === undefined || json === null) return null;
  const { kind } = wordsOfPath(path);
  const isMoney = kind === 'MONEY' && typeof json === 'string' && currency !== null;
  const money = isMoney ? { amount: json, currency } : null;
  const display = money === null ? textOf(json) : `${money.amount} ${money.currency}`;
  return { kind, display, money, json };
}
