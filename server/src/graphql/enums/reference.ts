import { builder } from '../builder.ts';

/** Words of references. */
export const ReferenceKindEnum = builder.enumType('ReferenceKind', {
  description: 'Kind of record that invoices refer to.',
  values: {
    CUSTOMER: { description: 'Customer.' },
    ITEM: { description: 'Product or service.' },
    TAX_CODE: { description: 'Tax code.' },
    TERMS: { description: 'Payment terms.' },
    PAYMENT_METHOD: { description: 'Payment method.' },
    INCOME_ACCOUNT: { description: 'Income account of new items.' },
  } as const,
});

export const ReferenceStatusEnum = builder.enumType('ReferenceStatus', {
  description: 'How a reference stands.',
  values: {
    MATCHED: {
      description:
        'Paired by a person, by an exact match, or because the bridge made the counterpart.',
    },
    AMBIGUOUS: { description: 'Near matches exist; a person must pick.' },
    MISSING: {
      description: "No counterpart, and the company's settings do not let the bridge make one.",
    },
  } as const,
});
