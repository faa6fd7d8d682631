import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import { successType } from './mutation-union.ts';
import { loadCompanies, presentRow } from './rows.ts';

const companyOfField = presentRow(loadCompanies);

/** The success of a mutation about a company; it shows the company as it is now. */
export function companySuccess(mutation: string) {
  const success = successType(mutation);
  builder.objectField(success, 'company', (t) =>
    t.field({
      type: CompanyRef,
      description: 'Company as it is now.',
      complexity: 1,
      resolve: ({ touched }, _args, context, info) =>
        companyOfField(touched.subjectId, context, info),
    }),
  );
  return success;
}
