import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * The web app's `.graphql` documents and the printed schema become typed operations. Plain `.graphql`
 * files instead of tagged strings, so that the same text is what "Copy as GraphQL" shows.
 */
const config: CodegenConfig = {
  schema: 'server/schema.graphql',
  documents: 'web/src/**/*.graphql',
  generates: {
    // Which types an interface or a union stands for: a cache that has to guess takes one type's fields for another's.
    'web/src/graphql/generated/possible-types.ts': {
      plugins: ['fragment-matcher'],
      config: { apolloClientVersion: 3, useExplicitTyping: false },
    },
    'web/src/graphql/generated/': {
      preset: 'client',
      // The hashes name the documents a session may run (http.md §2).
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' },
      },
      config: {
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: {
          DateTime: 'string',
          Date: 'string',
          Decimal: 'string',
          CurrencyCode: 'string',
          BigInt: 'string',
          StreamCursor: 'string',
          IdempotencyKey: 'string',
          JSON: 'unknown',
        },
      },
    },
  },
};

export default config;
