import { builder } from './builder.ts';
import { ErrorCodeEnum } from './enums/error.ts';

/** What every expected failure of a mutation offers. */
export type MutationErrorShape = {
  readonly code: (typeof ErrorCodeEnum)['$inferType'];
  readonly message: string;
  readonly retryable: boolean;
};

export const MutationErrorRef = builder
  .interfaceRef<MutationErrorShape>('MutationError')
  .implement({
    description:
      'Expected failure of a mutation; select this interface so that new failure types never break you.',
    fields: (t) => ({
      code: t.expose('code', { type: ErrorCodeEnum, description: 'Machine-readable code.' }),
      message: t.exposeString('message', {
        description: 'One sentence for a person, in plain words, safe to show.',
      }),
      retryable: t.exposeBoolean('retryable', {
        description: 'True when the same request may succeed later unchanged.',
      }),
    }),
  });
