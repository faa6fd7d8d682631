import { RulesDocument, UpsertFieldPolicyDocument } from '../graphql/generated/graphql.ts';
import type { FieldRule, RulesQuery } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { RadioFields } from '../ui/choice-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { useRecentActions } from './recent-actions.tsx';

/** The pattern over everything that has no narrower rule. */
const everything = '**';

const options = [
  {
    value: 'ASK',
    label: 'Ask a person',
    help: 'Where both sides hold a document of an invoice and differ, it waits in Conflicts. The careful choice.',
  },
  {
    value: 'INTERNAL_WINS',
    label: 'Internal invoicing is right',
    help: 'QuickBooks is given the internal value where they differ.',
  },
  {
    value: 'QUICKBOOKS_WINS',
    label: 'QuickBooks is right',
    help: 'Internal invoicing is given the QuickBooks value where they differ.',
  },
] as const satisfies readonly { readonly value: FieldRule; label: string; help: string }[];

type RulesProps = { readonly companyId: string; readonly mayChange: boolean };

/** Which side is right where both already hold the invoice and differ; single fields have rules of their own. */
export function SetupRules({ companyId, mayChange }: RulesProps) {
  const variables = { companyId };
  const result = useLiveQuery({
    query: RulesDocument,
    variables,
    refetchOn: ({ type, company }) => type === 'POLICY_CHANGED' && company.id === companyId,
  });
  return (
    <QueryView result={result} what="The rules" skeleton={<Skeleton what="rules" rows={3} />}>
      {({ company }) =>
        company === null ? null : (
          <>
            <StartRule company={company} mayChange={mayChange} />
            <p className="flex flex-wrap items-center gap-x-2">
              {ownWords(company.fieldPolicies.filter(isOwnField).length)}{' '}
              <AppLink
                href={paths.rules({ company: companyId })}
                className="underline underline-offset-4"
              >
                Rules for single fields
              </AppLink>
              <span className="ml-auto flex items-center">
                <PanelGraphql query={RulesDocument} variables={variables} />
              </span>
            </p>
          </>
        )
      }
    </QueryView>
  );
}

type Company = NonNullable<RulesQuery['company']>;

const isOwnField = ({ builtIn, pattern }: Company['fieldPolicies'][number]): boolean =>
  !builtIn && pattern !== everything;

const ownWords = (count: number): string => {
  if (count === 0) return 'No field has a rule of its own.';
  return `${formatCount(count)} ${count === 1 ? 'field has a rule' : 'fields have rules'} of its own.`;
};

function StartRule({ company, mayChange }: { company: Company; mayChange: boolean }) {
  const policy = company.fieldPolicies.find(({ pattern }) => pattern === everything);
  const { remember } = useRecentActions();
  const { state, act, isActing } = useAct(
    UpsertFieldPolicyDocument,
    ({ upsertFieldPolicy }) => upsertFieldPolicy,
  );
  const choose = async (rule: FieldRule) => {
    const done = await act((idempotencyKey) => ({
      input: {
        companyId: company.id,
        pattern: everything,
        rule,
        tolerance: null,
        expectedVersion: policy?.version ?? null,
        applyToOpen: false,
        idempotencyKey,
      },
    }));
    if (done !== null) remember(done.undo, 'Chosen');
  };
  const here = options.find(({ value }) => value === policy?.rule)?.value ?? 'ASK';
  return (
    <>
      <RadioFields
        legend="Where both sides already differ, which one is right at the start?"
        value={here}
        options={options}
        disabled={!mayChange || isActing}
        onChoose={(rule) => void choose(rule)}
      />
      <p className="max-w-prose text-[0.8125rem] text-ink-soft">
        It is a rule for every field without one of its own and holds until you change it. Each
        choice can be taken back for {company.settings.undoWindowSeconds} seconds and decides after
        that; have it planned anew afterwards. Whether an invoice stands or is void is always asked.
      </p>
      <ActRefusal state={state} />
    </>
  );
}
