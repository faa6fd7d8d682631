import type { PathChoice } from '#core/resolution/decided-values.ts';
import { z } from 'zod';
import { builder } from './builder.ts';
import { FieldChoiceEnum } from './enums/conflict.ts';
import { idOf } from './global-id.ts';

export const FieldChoiceInput = builder.inputType('FieldChoiceInput', {
  description: 'Choice for one disputed field.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'Path of the field.' }),
    choice: t.field({ type: FieldChoiceEnum, required: true, description: 'Choice.' }),
    customValue: t.field({ type: 'JSON', description: 'Value, for CUSTOM only.' }),
  }),
});

type Given = typeof FieldChoiceInput.$inferInput;

const json = z.json();

/** Choices in own ids: a record is named by the global id of its reference. */
export const choicesOf = (given: readonly Given[]): readonly PathChoice[] =>
  given.map(({ path, choice, customValue }) => {
    const value = json.parse(customValue ?? null);
    const own = typeof value === 'string' ? idOf('Reference', value) : null;
    return { path, choice, customValue: own ?? value };
  });
