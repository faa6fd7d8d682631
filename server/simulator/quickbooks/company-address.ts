import type { EntityName } from './entities.ts';
import { isObject, without, type Json, type JsonObject } from './json.ts';

const alpha3: Readonly<Record<string, string>> = {
  AU: 'AUS',
  AUSTRALIA: 'AUS',
  CA: 'CAN',
  CANADA: 'CAN',
  GB: 'GBR',
  UK: 'GBR',
  'UNITED KINGDOM': 'GBR',
  'UNITED STATES': 'USA',
  US: 'USA',
};

const addressFields = ['CompanyAddr', 'CustomerCommunicationAddr', 'LegalAddr'];

/** The company's own addresses are read back normalised, whatever was written (quickbooks.md §2.10). */
export function presentCompany(entity: EntityName, object: JsonObject): JsonObject {
  if (entity !== 'CompanyInfo') return object;
  const shown: Record<string, Json> = { ...object };
  for (const field of addressFields) {
    const address = shown[field];
    if (!isObject(address)) continue;
    const country = address['Country'];
    const normalised =
      typeof country === 'string' ? (alpha3[country.toUpperCase()] ?? country) : undefined;
    shown[field] = {
      ...without(address, 'Lat', 'Long'),
      ...(normalised === undefined ? {} : { Country: normalised }),
    };
  }
  return shown;
}
