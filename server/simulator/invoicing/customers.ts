import { z } from 'zod';
import type { Company } from './company.ts';
import type { Act, Decision } from './decision.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { granted, refusedFields, type Judged } from './problem.ts';
import { addressSchema, type Customer } from './wire.ts';

const text = z.string().max(500).nullable().default(null);

const customerWrite = z.strictObject({
  displayName: z.string().trim().min(1, 'must not be empty').max(500),
  email: text,
  phone: text,
  billTo: addressSchema.strict().nullable().default(null),
  terms: text,
  taxable: z.boolean().default(true),
  parentId: text,
});

/** 201 with the new customer; names are unique without regard to case, so that matching by name is never ambiguous. */
export function createCustomer(company: Company, body: unknown, act: Act): Judged<Decision> {
  const written = customerWrite.safeParse(body);
  if (!written.success) return refusedFields(fieldErrorsOf(written.error));

  const name = written.data.displayName.toLowerCase();
  const others = [...company.records.customers.values()];
  const namesake = others.find((other) => other.displayName.toLowerCase() === name);
  if (namesake !== undefined) {
    return refusedFields([{ path: 'displayName', message: `is taken by ${namesake.id}` }]);
  }

  const customer: Customer = {
    id: company.nextId('cus'),
    ...written.data,
    active: true,
    version: '1',
    updatedAt: act.at,
  };
  const { id, version } = customer;
  return granted({
    answer: { status: 201, body: customer, headers: {} },
    effect: {
      writes: [{ collection: 'customers', id, value: customer }],
      mutation: { entity: 'customer', id, operation: 'create', version },
      event: null,
    },
  });
}
