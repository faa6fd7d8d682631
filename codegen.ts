import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * The web app's `.graphql` documents and the printed schema become typed operations. Plain `.graphql`
 * files instead of tagged strings, so that the same text is what "Copy as GraphQL" shows.
 */
const config: CodegenConfig = {
  schema: 'server/schema.graphql',
  documents: 'web/src/**/*.graphql',
  generates: {
    'web/src/graphql/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
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
