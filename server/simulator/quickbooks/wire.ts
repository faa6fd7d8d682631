import { isList, isObject, type Json, type JsonObject } from './json.ts';

/**
 * Recorded bodies print these amounts with two decimals unless they are zero: `85.00`, `0`
 * (quickbooks.md §11.15). JSON.stringify cannot, hence a writer of our own.
 */
const moneyFields = new Set([
  'Amount',
  'Balance',
  'BalanceWithJobs',
  'HomeBalance',
  'HomeTotalAmt',
  'NetAmountTaxable',
  'RemainingCredit',
  'TaxInclusiveAmt',
  'TotalAmt',
  'TotalTax',
  'UnappliedAmt',
]);

/** JSON as QuickBooks prints it. */
export function toWireJson(value: Json, field = ''): string {
  if (typeof value === 'number') return toWireNumber(value, field);
  if (isList(value)) return `[${value.map((entry) => toWireJson(entry)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);

  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${toWireJson(member, key)}`,
  );
  return `{${members.join(',')}}`;
}

/** The same answer as XML, for callers that did not ask for JSON (quickbooks.md §2.1). */
export function toWireXml(body: JsonObject, attributes: Readonly<Record<string, string>>): string {
  const attributeText = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const space = ' xmlns="http://schema.intuit.com/finance/v3"';
  return `${head}<IntuitResponse${space}${attributeText}>${elementsOf(body)}</IntuitResponse>`;
}

/** Text made safe for XML and HTML, attribute values included. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function toWireNumber(value: number, field: string): string {
  if (value === 0 || !moneyFields.has(field)) return JSON.stringify(value);
  return Math.abs(value) < 1e15 ? value.toFixed(2) : JSON.stringify(value);
}

/** In XML the counts of a page and what frames an object are attributes (recorded). */
const attributeNames = ['startPosition', 'maxResults', 'totalCount', 'domain', 'sparse', 'status'];

function isAttribute(object: JsonObject, key: string): boolean {
  const isFramed = object['domain'] !== undefined || object['maxResults'] !== undefined;
  return isFramed && attributeNames.includes(key);
}

function attributesOf(object: JsonObject): string {
  return Object.entries(object)
    .filter(([key]) => isAttribute(object, key))
    .map(
      ([key, value]) =>
        ` ${key}="${escapeXml(typeof value === 'string' ? value : JSON.stringify(value))}"`,
    )
    .join('');
}

function elementsOf(object: JsonObject): string {
  return Object.entries(object)
    .filter(([key]) => !isAttribute(object, key))
    .map(([key, value]) => {
      const entries = isList(value) ? value : [value];
      return entries.map((entry) => elementOf(key, entry)).join('');
    })
    .join('');
}

function elementOf(key: string, value: Json): string {
  if (isList(value)) return value.map((entry) => elementOf(key, entry)).join('');
  if (isObject(value) && key.endsWith('Ref') && typeof value['value'] === 'string') {
    const name = typeof value['name'] === 'string' ? ` name="${escapeXml(value['name'])}"` : '';
    return `<${key}${name}>${escapeXml(value['value'])}</${key}>`;
  }
  if (isObject(value)) return `<${key}${attributesOf(value)}>${elementsOf(value)}</${key}>`;
  if (typeof value === 'number') return `<${key}>${toWireNumber(value, key)}</${key}>`;
  return `<${key}>${escapeXml(String(value ?? ''))}</${key}>`;
}
