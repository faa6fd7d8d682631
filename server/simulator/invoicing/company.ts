import { z } from 'zod';
import { hashBody, MutationLog, type Mutation } from '../control/mutation-log.ts';
import { StateFile, type StateChange } from '../control/state-file.ts';
import type { Act, Effect, Write } from './decision.ts';
import {
  customerSchema,
  invoiceRecordSchema,
  itemSchema,
  paymentMethodSchema,
  taxCodeSchema,
  termSchema,
  type Customer,
  type InvoiceRecord,
  type Item,
  type PaymentMethod,
  type TaxCode,
  type Term,
} from './wire.ts';

/** Everything the company holds, by id, in the order it came to be. */
export type Records = {
  readonly invoices: Map<string, InvoiceRecord>;
  readonly customers: Map<string, Customer>;
  readonly items: Map<string, Item>;
  readonly taxCodes: Map<string, TaxCode>;
  readonly terms: Map<string, Term>;
  readonly paymentMethods: Map<string, PaymentMethod>;
  /** Payment id to invoice id: a deleted payment answers 410 for ever. */
  readonly deletedPayments: Map<string, string>;
};

const mutationSchema = z.object({
  seq: z.int(),
  at: z.string(),
  entity: z.string(),
  id: z.string(),
  operation: z.string(),
  requestId: z.string().nullable(),
  syncToken: z.string(),
  actor: z.enum(['api', 'human']),
  bodyHash: z.string(),
});

type Kind = 'inv' | 'pay' | 'cus' | 'itm' | 'INV';

/** A company to start from. */
export type FreshRecords = {
  readonly [Name in Exclude<keyof Records, 'deletedPayments'>]: ReadonlyMap<
    string,
    MapValue<Records[Name]>
  >;
};

/** The one company of this simulator: its records, its mutations and the file that keeps them. */
export class Company {
  readonly #file: StateFile;
  #records: Records;
  #mutations: MutationLog;
  #byExternalRef = new Map<string, string>();
  #byPayment = new Map<string, string>();
  #highest = new Map<string, number>();

  constructor(file: StateFile) {
    this.#file = file;
    this.#records = loadRecords(file);
    this.#mutations = new MutationLog(valuesOf(file, 'mutations', mutationSchema));
    this.#index();
  }

  /** To be read only; changes go through `carryOut`. */
  get records(): Readonly<{
    [Name in keyof Records]: ReadonlyMap<string, MapValue<Records[Name]>>;
  }> {
    return this.#records;
  }

  isEmpty(): boolean {
    return this.#file.isEmpty();
  }

  mutationsAfter(seq: number): readonly Mutation[] {
    return this.#mutations.after(seq);
  }

  invoiceByExternalRef(externalRef: string): InvoiceRecord | undefined {
    return this.#records.invoices.get(this.#byExternalRef.get(externalRef) ?? '');
  }

  /** The invoice that holds a payment, also when the payment has been deleted. */
  invoiceOfPayment(paymentId: string): InvoiceRecord | undefined {
    const invoiceId =
      this.#byPayment.get(paymentId) ?? this.#records.deletedPayments.get(paymentId);
    return this.#records.invoices.get(invoiceId ?? '');
  }

  /** `inv_12`; `INV` gives invoice numbers. An id is not given twice, since deleted records stay. */
  nextId(kind: Kind): string {
    const next = (this.#highest.get(kind) ?? 0) + 1;
    return kind === 'INV' ? `INV-${Math.max(next, 20_001)}` : `${kind}_${next}`;
  }

  /** Makes a decision's effect real in one commit, together with what else must be kept with it. */
  carryOut(effect: Effect, act: Act, body: unknown, kept: readonly StateChange[] = []): void {
    const { entity, id, operation, version } = effect.mutation;
    const mutation = this.#mutations.append({
      at: act.at,
      entity,
      id,
      operation,
      requestId: act.requestId,
      syncToken: version,
      actor: act.actor,
      bodyHash: hashBody(body),
    });
    for (const write of effect.writes) this.#put(write);
    this.#file.commit([
      ...effect.writes,
      { collection: 'mutations', id: String(mutation.seq), value: mutation },
      ...kept,
    ]);
  }

  /** A fresh company: nothing of the old one stays. */
  replace(fresh: FreshRecords): void {
    this.#file.clear();
    this.#mutations.clear();
    this.#records = {
      invoices: new Map(fresh.invoices),
      customers: new Map(fresh.customers),
      items: new Map(fresh.items),
      taxCodes: new Map(fresh.taxCodes),
      terms: new Map(fresh.terms),
      paymentMethods: new Map(fresh.paymentMethods),
      deletedPayments: new Map(),
    };
    this.#file.commit(
      Object.entries(this.#records).flatMap(([collection, records]) =>
        [...records].map(([id, value]) => ({ collection, id, value })),
      ),
    );
    this.#index();
  }

  #put(write: Write): void {
    switch (write.collection) {
      case 'invoices':
        this.#records.invoices.set(write.id, write.value);
        this.#indexInvoice(write.value);
        break;
      case 'customers':
        this.#records.customers.set(write.id, write.value);
        break;
      case 'items':
        this.#records.items.set(write.id, write.value);
        break;
      case 'deletedPayments':
        this.#records.deletedPayments.set(write.id, write.value);
        break;
      default:
        write satisfies never;
    }
    this.#countUp(write.id);
  }

  #index(): void {
    this.#byExternalRef.clear();
    this.#byPayment.clear();
    this.#highest.clear();
    for (const records of Object.values(this.#records)) {
      for (const id of records.keys()) this.#countUp(id);
    }
    for (const record of this.#records.invoices.values()) this.#indexInvoice(record);
  }

  #indexInvoice({ invoice }: InvoiceRecord): void {
    if (invoice.externalRef !== null) this.#byExternalRef.set(invoice.externalRef, invoice.id);
    if (invoice.number !== null) this.#countUp(invoice.number);
    for (const payment of invoice.payments) {
      this.#byPayment.set(payment.id, invoice.id);
      this.#countUp(payment.id);
    }
  }

  #countUp(id: string): void {
    const match = /^(inv_|pay_|cus_|itm_|INV-)(\d{1,12})$/.exec(id);
    if (match === null) return;
    const kind = (match[1] ?? '').slice(0, 3);
    this.#highest.set(kind, Math.max(this.#highest.get(kind) ?? 0, Number(match[2])));
  }
}

type MapValue<AnyMap> = AnyMap extends Map<string, infer Value> ? Value : never;

function loadRecords(file: StateFile): Records {
  return {
    invoices: mapOf(file, 'invoices', invoiceRecordSchema),
    customers: mapOf(file, 'customers', customerSchema),
    items: mapOf(file, 'items', itemSchema),
    taxCodes: mapOf(file, 'taxCodes', taxCodeSchema),
    terms: mapOf(file, 'terms', termSchema),
    paymentMethods: mapOf(file, 'paymentMethods', paymentMethodSchema),
    deletedPayments: mapOf(file, 'deletedPayments', z.string()),
  };
}

function mapOf<Schema extends z.ZodType>(file: StateFile, collection: string, schema: Schema) {
  const records = [...file.records(collection)];
  return new Map(records.map(([id, value]) => [id, schema.parse(value)] as const));
}

function valuesOf<Schema extends z.ZodType>(file: StateFile, collection: string, schema: Schema) {
  return [...file.records(collection).values()].map((value) => schema.parse(value));
}
