import { builder } from './builder.ts';

/** Anything guarded by optimistic concurrency. */
export const VersionedRef = builder
  .interfaceRef<{ readonly version: number }>('Versioned')
  .implement({
    description: 'Anything guarded by optimistic concurrency.',
    fields: (t) => ({
      version: t.exposeInt('version', {
        description: 'Number that grows with every change; send it back as expectedVersion.',
      }),
    }),
  });
