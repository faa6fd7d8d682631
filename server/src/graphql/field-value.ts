import type { Json } from '#core/json.ts';
import { builder } from './builder.ts';
import { ValueKindEnum } from './enums/invoice.ts';
import { MoneyRef, type MoneyShape } from './money.ts';

/** A field's value, ready to show. */
export type FieldValueShape = {
  readonly kind: typeof ValueKindEnum.$inferType;
  readonly display: string;
  readonly money: MoneyShape | null;
  readonly json: Json;
};

export const FieldValueRef = builder.objectRef<FieldValueShape>('FieldValue').implement({
  description: 'Value of a field, ready to show and to compare.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ValueKindEnum, description: 'Kind of value.' }),
    display: t.exposeString('display', {
      description: 'Text to show, already formatted without locale tricks.',
    }),
    money: t.expose('money', {
      type: MoneyRef,
      nullable: true,
      description: 'Set when the value is money.',
    }),
    json: t.expose('json', { type: 'JSON', nullable: true, description: 'Exact machine value.' }),
  }),
});
