import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject } from '#core/json.ts';

/** Payloads recorded from real QuickBooks companies; they lie beside the project and are never copied into it. */
const data = new URL('../../../shared/data/', import.meta.url);

/** Names of the files in a folder of the recordings. */
export const recordedNames = (folder: string): readonly string[] =>
  readdirSync(new URL(`${folder}/`, data)).filter((name) => name !== 'index.json');

/** Text of one recording. */
export const recordedText = (path: string): string => readFileSync(new URL(path, data), 'utf8');

/** One recording as parsed JSON. */
export const recordedJson = (path: string): unknown => JSON.parse(recordedText(path));

export type RecordedInvoice = { readonly company: string; readonly raw: JsonObject };

/** Every invoice recorded from every company. */
export const recordedInvoices = (): readonly RecordedInvoice[] => recordedObjects('Invoice');

/** Every object of a kind recorded from every company. */
export function recordedObjects(entity: 'Invoice' | 'Payment'): readonly RecordedInvoice[] {
  const file = `${entity}.json`;
  const companies = recordedNames('quickbooks').filter((company) =>
    recordedNames(`quickbooks/${company}`).includes(file),
  );
  return companies.flatMap((company) => {
    const list = recordedJson(`quickbooks/${company}/${file}`);
    if (!Array.isArray(list)) throw new Error(`${company}/${file} is not a list`);
    return list.filter(isJsonObject).map((raw) => ({ company, raw }));
  });
}
