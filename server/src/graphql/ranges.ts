import { builder } from './builder.ts';

export const DateTimeRangeInput = builder.inputType('DateTimeRange', {
  description: 'Moments from (inclusive) to (exclusive).',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Not before.' }),
    to: t.field({ type: 'DateTime', description: 'Before.' }),
  }),
});

export const MoneyRangeInput = builder.inputType('MoneyRange', {
  description: 'Amounts from (inclusive) to (inclusive), in one currency.',
  fields: (t) => ({
    min: t.field({ type: 'Decimal', description: 'At least.' }),
    max: t.field({ type: 'Decimal', description: 'At most.' }),
    currency: t.field({ type: 'CurrencyCode', required: true, description: 'Currency.' }),
  }),
});
