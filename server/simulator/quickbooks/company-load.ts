import fs from 'node:fs';
import path from 'node:path';
import type { StateChange } from '../control/state-file.ts';
import { toCurrencyReference } from './company-settings.ts';
import { toEntityName, type EntityName } from './entities.ts';
import {
  compact,
  isList,
  isObject,
  parseJson,
  referenceOf,
  textOf,
  type Json,
  type JsonObject,
} from './json.ts';

/** Objects by entity, as recorded: they are kept as they are, nothing is recomputed. */
export type CompanyObjects = Partial<Record<EntityName, readonly JsonObject[]>>;

/** Reads a folder of `<Entity>.json` arrays; sub-folders are left alone. */
export function readCompanyFolder(directory: string): CompanyObjects {
  const objects: Partial<Record<EntityName, readonly JsonObject[]>> = {};
  for (const file of fs.readdirSync(directory).filter((name) => name.endsWith('.json'))) {
    const entity = toEntityName(path.basename(file, '.json'));
    if (entity === undefined) throw new Error(`${file} is not named after an entity`);
    objects[entity] = toObjects(
      file,
      parseJson(fs.readFileSync(path.join(directory, file), 'utf8')),
    );
  }
  return objects;
}

/** The same from a JSON body; names of entities in any case. */
export function toCompanyObjects(body: JsonObject): CompanyObjects {
  const objects: Partial<Record<EntityName, readonly JsonObject[]>> = {};
  for (const [name, list] of Object.entries(body)) {
    const entity = toEntityName(name);
    if (entity === undefined) throw new Error(`${name} is not an entity`);
    objects[entity] = toObjects(name, list);
  }
  return objects;
}

function toObjects(place: string, value: Json | undefined): readonly JsonObject[] {
  if (isList(value) && value.every(isObject)) return value;
  throw new Error(`${place} is not a JSON array of objects`);
}

/** The records of a company; what every company has is added where it was not recorded. */
export function companyChanges(realm: string, objects: CompanyObjects): readonly StateChange[] {
  const whole = { ...objects, ...missingSingles(realm, objects) };
  return Object.entries(whole).flatMap(([entity, list]) =>
    (list ?? []).map((object, index) => {
      const id = textOf(object, 'Id') ?? idFor(object, index);
      return { collection: `${realm}/${entity}`, id, value: { ...object, Id: id } };
    }),
  );
}

/** Exchange rates are known by currency and day, not by an Id. */
function idFor(object: JsonObject, index: number): string {
  const source = textOf(object, 'SourceCurrencyCode');
  if (source === undefined) return String(index + 1);
  return `${source}-${textOf(object, 'TargetCurrencyCode')}-${textOf(object, 'AsOfDate')}`;
}

function missingSingles(realm: string, objects: CompanyObjects): CompanyObjects {
  const { Invoice = [], Payment = [], Account = [], Customer = [] } = objects;
  const holders = [...Invoice, ...Payment, ...Account, ...Customer];
  const used = holders.flatMap((holder) => referenceOf(holder, 'CurrencyRef') ?? []);
  const currency = mostFrequent(used) ?? 'USD';
  const hasSeveral =
    new Set(used).size > 1 || holders.some((holder) => holder['ExchangeRate'] !== undefined);
  // Only the US writes TAX and NON on its lines; anywhere else the currency's code tells the country.
  const facts = { currency, hasSeveral, country: currency === 'USD' ? 'US' : currency.slice(0, 2) };
  return presentOnly({
    CompanyInfo: objects.CompanyInfo === undefined ? [companyInfo(realm, facts)] : undefined,
    Preferences: objects.Preferences === undefined ? [preferences(objects, facts)] : undefined,
  });
}

function mostFrequent(values: readonly string[]): string | undefined {
  const count = (value: string): number => values.filter((other) => other === value).length;
  return [...new Set(values)].sort((one, other) => count(other) - count(one))[0];
}

function presentOnly(lists: {
  readonly [entity: string]: readonly JsonObject[] | undefined;
}): CompanyObjects {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}

type Facts = { readonly currency: string; readonly hasSeveral: boolean; readonly country: string };

const frame = {
  domain: 'QBO',
  sparse: false,
  Id: '1',
  SyncToken: '0',
  MetaData: {
    CreateTime: '2015-06-08T13:00:00-07:00',
    LastUpdatedTime: '2015-06-08T13:00:00-07:00',
  },
};

function companyInfo(realm: string, { country }: Facts): JsonObject {
  const name = `Company ${realm}`;
  return {
    CompanyName: name,
    LegalName: name,
    Country: country,
    SupportedLanguages: 'en',
    ...frame,
  };
}

function preferences(objects: CompanyObjects, { currency, hasSeveral }: Facts): JsonObject {
  const discount = (objects.Account ?? []).find(
    (account) => textOf(account, 'AccountSubType') === 'DiscountsRefundsGiven',
  );
  return {
    AccountingInfoPrefs: { TrackDepartments: false, CustomerTerminology: 'Customers' },
    SalesFormsPrefs: compact({
      // Forms without a number are only made where numbers are the sender's business (quickbooks.md §3).
      CustomTxnNumbers: (objects.Invoice ?? []).some((form) => form['DocNumber'] === undefined),
      AllowDeposit: false,
      AllowDiscount: true,
      DefaultDiscountAccount: textOf(discount, 'Id'),
      AutoApplyCredit: false,
      AutoApplyPayments: false,
    }),
    TaxPrefs: { UsingSalesTax: true, PartnerTaxEnabled: false },
    CurrencyPrefs: {
      MultiCurrencyEnabled: hasSeveral,
      HomeCurrency: toCurrencyReference(currency),
    },
    ...frame,
  };
}
