import { z } from 'zod';
import type { Company } from './company.ts';
import type { Act, Decision } from './decision.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { granted, refusedFields, type Judged } from './problem.ts';
import type { Item } from './wire.ts';

const text = z.string().max(4_000).nullable().default(null);
const priceShape = 'must be a decimal string with at most 7 digits after the point';

const itemWrite = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(500),
  sku: text,
  description: text,
  unitPrice: z
    .string(priceShape)
    .regex(/^-?\d{1,12}(\.\d{1,7})?$/, priceShape)
    .nullable()
    .default(null),
  taxCode: text,
});

/** 201 with the new item; names are unique without regard to case. */
export function createItem(company: Company, body: unknown, act: Act): Judged<Decision> {
  const written = itemWrite.safeParse(body);
  if (!written.success) return refusedFields(fieldErrorsOf(written.error));

  const name = written.data.name.toLowerCase();
  const others = [...company.records.items.values()];
  const namesake = others.find((other) => other.name.toLowerCase() === name);
  if (namesake !== undefined) {
    return refusedFields([{ path: 'name', message: `is taken by ${namesake.id}` }]);
  }

  const id = company.nextId('itm');
  const item: Item = { id, ...written.data, active: true, version: '1', updatedAt: act.at };
  return granted({
    answer: { status: 201, body: item, headers: {} },
    effect: {
      writes: [{ collection: 'items', id, value: item }],
      mutation: { entity: 'item', id, operation: 'create', version: item.version },
      event: null,
    },
  });
}
