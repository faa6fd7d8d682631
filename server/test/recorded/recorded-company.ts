import type { JsonObject } from '#core/json.ts';
import { z } from 'zod';
import { recordedInvoices, recordedJson, recordedNames } from '../recorded.ts';
import { control } from '../support/simulators.ts';
import { madeMasters, madeSettings } from './made-masters.ts';
import { isVoided, objectsOf, readInvoice, type ShownInvoice } from './wire.ts';

/** Records by entity, in the shape `POST /_control/reset` of the QuickBooks simulator takes (http.md §5). */
export type Masters = { readonly [entity: string]: readonly JsonObject[] };

type RecordedInvoice = {
  readonly raw: JsonObject;
  readonly shown: ShownInvoice;
  /** As it was before it was voided; an invoice that was not voided is its own. */
  readonly open: ShownInvoice;
};

/** A recorded company: its invoices, and every record they refer to. */
export type RecordedCompany = {
  readonly name: string;
  readonly invoices: readonly RecordedInvoice[];
  readonly masters: Masters;
};

/** Names of the recorded companies that have invoices; the consistent set first. */
export function recordedCompanies(): readonly string[] {
  const consistent = 'nango-craigs-2026';
  const names = new Set(recordedInvoices().map(({ company }) => company));
  if (!names.has(consistent)) throw new Error(`${consistent} is not among the recordings`);
  return [consistent, ...[...names].filter((name) => name !== consistent)];
}

/** Entities that sales forms refer to, and the settings that decide how these are kept. */
const masterEntities = [
  'CompanyInfo',
  'Preferences',
  'Customer',
  'Item',
  'Account',
  'Term',
  'TaxCode',
  'TaxRate',
  'TaxAgency',
  'PaymentMethod',
];

/** Other recordings of the one company Intuit gives everybody to try with: the same ids mean the same (data/README.md). */
const sameCompany: Readonly<Record<string, string>> = {
  Term: 'airbyte-craigs-2023',
  TaxCode: 'airbyte-craigs-2023',
  TaxRate: 'airbyte-craigs-2023',
  TaxAgency: 'airbyte-craigs-2023',
  PaymentMethod: 'airbyte-craigs-2023',
  Preferences: 'exqb-2017',
};

/** A company as recorded; what was not recorded comes from its sister recordings, and else from the references' names. */
export function loadCompany(name: string): RecordedCompany {
  const invoices = recordedInvoices()
    .filter(({ company }) => company === name)
    .map(({ raw }) => toRecorded(name, raw));
  const recorded: Masters = Object.fromEntries(
    masterEntities.flatMap((entity) => {
      const list = recordedList(name, entity) ?? borrowedList(name, entity);
      return list === null ? [] : [[entity, list] as const];
    }),
  );
  const shown = invoices.map(({ open }) => open);
  const settled = { ...madeSettings(name, shown), ...recorded };
  return { name, invoices, masters: madeMasters(settled, shown) };
}

/** Puts the company's records into the QuickBooks simulator at this address, without its invoices. */
export async function seedQuickBooks(url: string, { masters }: RecordedCompany): Promise<void> {
  await control(`${url}/_control/reset`, 'POST', { company: masters });
}

function recordedList(company: string, entity: string): readonly JsonObject[] | null {
  const file = `${entity}.json`;
  const place = `quickbooks/${company}`;
  return recordedNames(place).includes(file)
    ? objectsOf(recordedJson(`${place}/${file}`), `${place}/${file}`)
    : null;
}

function borrowedList(company: string, entity: string): readonly JsonObject[] | null {
  const lender = company.includes('-craigs-') ? sameCompany[entity] : undefined;
  return lender === undefined ? null : recordedList(lender, entity);
}

function toRecorded(company: string, raw: JsonObject): RecordedInvoice {
  const shown = readInvoice(raw);
  return { raw, shown, open: isVoided(shown) ? beforeVoid(company, shown) : shown };
}

const versions = z.array(z.looseObject({ entity: z.unknown() }));

/** A voided invoice has lost its amounts; the recording before it still has them. */
function beforeVoid(company: string, voided: ShownInvoice): ShownInvoice {
  const path = `quickbooks/${company}/_versions/Invoice.json`;
  const open = versions
    .parse(recordedJson(path))
    .map(({ entity }) => readInvoice(entity))
    .find((shown) => shown.Id === voided.Id && !isVoided(shown));
  if (open === undefined) throw new Error(`${path} has no invoice ${voided.Id} before its void`);
  return open;
}
