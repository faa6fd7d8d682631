import { seededRandom, type SeededRandom } from '../control/random.ts';
import type { EntityName } from './entities.ts';
import { referenceOf, textOf, type JsonObject } from './json.ts';
import { amountOf, toCents, toDecimal, zero } from './money.ts';
import { addDays, toPacificDate } from './pacific-time.ts';
import type { QuickBooksSimulator } from './simulator.ts';
import { write, type WriteOperation } from './writes.ts';

const dayMs = 86_400_000;
const invoicesInAYear = 96;

/** A year of ordinary business: invoices open, overdue, paid in part or in full, discounted, void, sent and credited. */
export function demoHistory(simulator: QuickBooksSimulator, realm: string, seed: string): void {
  const past = new Past(simulator, realm, seededRandom(seed));
  for (let number = 0; number < invoicesInAYear; number += 1) {
    past.invoice(365 - Math.round((number * 364) / invoicesInAYear));
  }
}

/** Writes into a company at days gone by, by the rules of any other write, but noted nowhere. */
class Past {
  readonly #simulator: QuickBooksSimulator;
  readonly #realm: string;
  readonly #random: SeededRandom;
  readonly #todayMs: number;

  constructor(simulator: QuickBooksSimulator, realm: string, random: SeededRandom) {
    this.#simulator = simulator;
    this.#realm = realm;
    this.#random = random;
    // The start of the day, so that the same seed gives the same company all day long.
    this.#todayMs = Math.floor(simulator.nowMs / dayMs) * dayMs;
  }

  invoice(daysAgo: number): void {
    const random = this.#random;
    const customer = random.pick(this.#simulator.books(this.#realm).all('Customer'));
    const invoice = this.#write('Invoice', 'create', daysAgo, this.#invoiceBody(customer, daysAgo));
    if (random.chance(0.05)) {
      this.#write('Invoice', 'void', Math.max(1, daysAgo - 2), versionOf(invoice));
      return;
    }
    if (random.chance(0.04)) this.#credit(invoice, Math.max(1, daysAgo - 10));
    if (daysAgo > 20 && random.chance(daysAgo > 60 ? 0.93 : 0.6)) this.#pay(invoice, daysAgo);
  }

  #invoiceBody(customer: JsonObject, daysAgo: number): JsonObject {
    const random = this.#random;
    const isTaxable = customer['Taxable'] === true;
    const items = this.#simulator.books(this.#realm).all('Item');
    const lines = Array.from({ length: random.integer(1, 4) }, () => {
      const item = random.pick(items);
      const quantity = random.integer(1, 12);
      const price = toDecimal(item['UnitPrice']) ?? zero;
      const isTaxed = isTaxable && item['Taxable'] === true;
      return {
        Description: textOf(item, 'Description') ?? '',
        Amount: toCents(price.times(quantity)).toNumber(),
        DetailType: 'SalesItemLineDetail',
        SalesItemLineDetail: {
          ItemRef: { value: textOf(item, 'Id') ?? '' },
          Qty: quantity,
          UnitPrice: price.toNumber(),
          TaxCodeRef: { value: isTaxed ? 'TAX' : 'NON' },
        },
      };
    });
    const discount = {
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: { PercentBased: true, DiscountPercent: 10 },
    };
    return {
      TxnDate: this.#dateAgo(daysAgo),
      CustomerRef: { value: textOf(customer, 'Id') ?? '' },
      SalesTermRef: { value: referenceOf(customer, 'SalesTermRef') ?? '3' },
      Line: random.chance(0.1) ? [...lines, discount] : lines,
      TxnTaxDetail: isTaxable ? { TxnTaxCodeRef: { value: '1' } } : null,
      CustomerMemo: random.chance(0.5) ? { value: 'Thank you for your business.' } : null,
      BillEmail: customer['PrimaryEmailAddr'] ?? null,
      EmailStatus: random.chance(0.4) ? 'EmailSent' : 'NotSet',
    };
  }

  #pay(invoice: JsonObject, invoicedDaysAgo: number): void {
    const random = this.#random;
    const id = textOf(invoice, 'Id') ?? '';
    const open = amountOf(this.#simulator.books(this.#realm).find('Invoice', id), 'Balance');
    if (open.isZero()) return;
    const paid = random.chance(0.12) ? toCents(open.dividedBy(2)) : open;
    const daysAgo = Math.max(0, invoicedDaysAgo - random.integer(5, 45));
    this.#write('Payment', 'create', daysAgo, {
      TxnDate: this.#dateAgo(daysAgo),
      CustomerRef: invoice['CustomerRef'] ?? null,
      PaymentMethodRef: { value: String(random.integer(1, 4)) },
      PaymentRefNum: String(random.integer(1_000, 9_999)),
      TotalAmt: paid.toNumber(),
      Line: [{ Amount: paid.toNumber(), LinkedTxn: [{ TxnId: id, TxnType: 'Invoice' }] }],
    });
  }

  #credit(invoice: JsonObject, daysAgo: number): void {
    this.#write('CreditMemo', 'create', daysAgo, {
      TxnDate: this.#dateAgo(daysAgo),
      CustomerRef: invoice['CustomerRef'] ?? null,
      Line: [
        {
          Amount: 50,
          Description: 'Goodwill credit',
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: { ItemRef: { value: '13' }, TaxCodeRef: { value: 'NON' } },
        },
      ],
    });
  }

  #dateAgo(daysAgo: number): string {
    return addDays(toPacificDate(this.#todayMs), -daysAgo);
  }

  #write(
    entity: EntityName,
    operation: WriteOperation,
    daysAgo: number,
    body: JsonObject,
  ): JsonObject {
    const atMs = this.#todayMs - daysAgo * dayMs;
    const change = this.#simulator.begin(this.#realm, 'human', atMs);
    const { object } = write(change, { entity, operation, body, allowDuplicateNumber: false });
    change.books.commit(change.changes());
    return object;
  }
}

function versionOf(object: JsonObject): JsonObject {
  return { Id: textOf(object, 'Id') ?? '', SyncToken: textOf(object, 'SyncToken') ?? '0' };
}
