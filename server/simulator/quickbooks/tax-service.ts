import type { ChangeSet } from './change-set.ts';
import { missing, refuse } from './fault-bodies.ts';
import { listOf, textOf, type JsonObject } from './json.ts';
import { amountOf } from './money.ts';

/** Makes a tax code with its rates; names are unique among codes and among rates (6240, recorded). */
export function createTaxService(change: ChangeSet, body: JsonObject): JsonObject {
  const code = textOf(body, 'TaxCode');
  if (code === undefined || code === '') throw missing('TaxCode');
  requireFreeName(change, 'TaxCode', code, 'Another tax code is already using this \nname.');

  const wanted = listOf(body, 'TaxRateDetails');
  if (wanted.length === 0) throw missing('TaxRateDetails');
  const rates = wanted.map((detail) => settleRate(change, detail));
  const codeId = change.nextId('TaxCode');
  change.create('TaxCode', {
    Name: code,
    Description: code,
    Active: true,
    Taxable: true,
    TaxGroup: true,
    SalesTaxRateList: {
      TaxRateDetail: rates.map((rate) => ({
        TaxRateRef: {
          value: textOf(rate, 'TaxRateId') ?? '',
          name: textOf(rate, 'TaxRateName') ?? '',
        },
        TaxTypeApplicable: 'TaxOnAmount',
        TaxOrder: 0,
      })),
    },
    PurchaseTaxRateList: { TaxRateDetail: [] },
    domain: 'QBO',
    sparse: false,
    Id: codeId,
    SyncToken: '0',
  });
  return { TaxCode: code, TaxCodeId: codeId, TaxRateDetails: rates };
}

function settleRate(change: ChangeSet, detail: JsonObject): JsonObject {
  const known = change.find('TaxRate', textOf(detail, 'TaxRateId') ?? '');
  if (known !== undefined) {
    return { TaxRateId: textOf(known, 'Id') ?? '', TaxRateName: textOf(known, 'Name') ?? '' };
  }
  const name = textOf(detail, 'TaxRateName');
  if (name === undefined || name === '') throw missing('TaxRateDetails.TaxRateName');
  requireFreeName(change, 'TaxRate', name, 'Another tax rate is already using this \nname.');

  const id = change.nextId('TaxRate');
  change.create('TaxRate', {
    Name: name,
    Description: 'Sales Tax',
    Active: true,
    RateValue: amountOf(detail, 'RateValue').toNumber(),
    AgencyRef: { value: textOf(detail, 'TaxAgencyId') ?? '1' },
    SpecialTaxType: 'NONE',
    DisplayType: 'ReadOnly',
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: '0',
  });
  return { ...detail, TaxRateId: id };
}

function requireFreeName(
  change: ChangeSet,
  entity: 'TaxCode' | 'TaxRate',
  name: string,
  story: string,
): void {
  const isTaken = change
    .all(entity)
    .some((other) => textOf(other, 'Name')?.toLowerCase() === name.toLowerCase());
  if (!isTaken) return;
  refuse('6240', `The name supplied already exists. : ${story} Please use a different name.`, '');
}
