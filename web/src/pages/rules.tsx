import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { AppLink, useGo } from '../components/app-link.tsx';
import { BulkProgress } from '../components/bulk-progress.tsx';
import { useCompanies } from '../components/company-switch.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { RuleEditor } from '../components/rule-editor.tsx';
import type { SwitchedOn } from '../components/rule-editor.tsx';
import { RuleTable, labelOfPattern } from '../components/rule-table.tsx';
import { RulesDocument } from '../graphql/generated/graphql.ts';
import type { RulesQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { broadPatterns, isEditable } from '../rules/rule-words.ts';
import type { RulesSearch } from '../search.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/rules');

/** Who decides about each field, in words; a rule is rehearsed before it is switched on. */
export function RulesPage() {
  const search = route.useSearch();
  const companies = useCompanies();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Rules</h1>
      <p className="max-w-prose text-ink-soft">
        Only where both sides changed the same field since they last agreed does a rule decide.
        Everything else crosses by itself.
      </p>
      <QueryView result={companies} what="The companies" skeleton={<Skeleton what="rules" />}>
        {({ companies: { nodes } }) => {
          const company = nodes.find(({ id }) => id === search.company) ?? nodes[0];
          if (company === undefined)
            return (
              <Empty title="No company yet.">
                Each company has rules of its own.{' '}
                <AppLink href={paths.newCompany()} className="underline underline-offset-4">
                  Connect one
                </AppLink>
              </Empty>
            );
          return (
            <>
              {nodes.length > 1 && <CompanyChoice companies={nodes} here={company.id} />}
              <CompanyRules key={company.id} companyId={company.id} search={search} />
            </>
          );
        }}
      </QueryView>
    </div>
  );
}

type CompanyChoiceProps = {
  readonly companies: readonly { readonly id: string; readonly name: string }[];
  readonly here: string;
};

function CompanyChoice({ companies, here }: CompanyChoiceProps) {
  return (
    <nav aria-label="Company" className="flex flex-wrap gap-1">
      {companies.map(({ id, name }) => (
        <AppLink
          key={id}
          href={paths.rules({ company: id })}
          aria-current={id === here ? 'page' : undefined}
          className={`rounded-full px-3 py-1 text-[0.8125rem] font-medium ${
            id === here ? 'bg-ink text-paper' : 'text-ink-soft hover:bg-raised hover:text-ink'
          }`}
        >
          {name}
        </AppLink>
      ))}
    </nav>
  );
}

type CompanyRulesProps = { readonly companyId: string; readonly search: RulesSearch };

function CompanyRules({ companyId, search }: CompanyRulesProps) {
  const [switched, setSwitched] = useState<SwitchedOn | null>(null);
  const variables = { companyId };
  const result = useLiveQuery({
    query: RulesDocument,
    variables,
    refetchOn: ({ type, company }) =>
      company.id === companyId && (type === 'POLICY_CHANGED' || type === 'CONFLICT_CHANGED'),
    refetchMs: 1_000,
  });
  const go = useGo();
  const openRule = (edit?: string) =>
    go(paths.rules({ company: companyId, ...(edit === undefined ? {} : { edit }) }), 'replace');
  return (
    <>
      {switched !== null && (
        <Said switched={switched} onDismiss={() => setSwitched(null)} onAgain={openRule} />
      )}
      <Panel
        title="Who decides"
        isPadded={false}
        actions={<PanelGraphql query={RulesDocument} variables={variables} />}
      >
        <QueryView
          result={result}
          what="The rules"
          skeleton={
            <div className="px-4 pb-4">
              <Skeleton what="rules" rows={8} />
            </div>
          }
        >
          {({ company, viewer }) =>
            company === null ? (
              <Empty title="There is no such company, or you may not see it." />
            ) : (
              <Rules
                company={company}
                mayChange={viewer.scopes.includes('ADMIN')}
                search={search}
                openRule={openRule}
                onSwitched={(now) => {
                  setSwitched(now);
                  openRule();
                }}
              />
            )
          }
        </QueryView>
      </Panel>
    </>
  );
}

type RulesProps = {
  readonly company: NonNullable<RulesQuery['company']>;
  readonly mayChange: boolean;
  readonly search: RulesSearch;
  readonly openRule: (pattern?: string) => void;
  readonly onSwitched: (switched: SwitchedOn) => void;
};

function Rules({ company, mayChange, search, openRule, onSwitched }: RulesProps) {
  const policies = company.fieldPolicies;
  const editable = policies.filter(isEditable);
  const fixed = policies.filter((policy) => !isEditable(policy));
  const missing = broadPatterns.filter(({ pattern }) =>
    policies.every((policy) => policy.pattern !== pattern),
  );
  const editorOf = (pattern: string, label: string) => (
    <RuleEditor
      key={`${pattern} ${search.rule ?? ''}`}
      company={company}
      pattern={pattern}
      label={label}
      policy={policies.find((policy) => policy.pattern === pattern) ?? null}
      wanted={search.rule}
      mayChange={mayChange}
      onClose={() => openRule()}
      onSwitched={onSwitched}
    />
  );
  return (
    <>
      <RuleTable
        policies={editable}
        open={search.edit}
        onOpen={openRule}
        editorOf={(policy) => editorOf(policy.pattern, labelOfPattern(policy))}
      />
      {missing.map(({ pattern, label }) => (
        <div key={pattern} className="border-t border-line">
          {search.edit === pattern ? (
            editorOf(pattern, label)
          ) : (
            <button
              type="button"
              onClick={() => openRule(pattern)}
              className="w-full px-4 py-2 text-left underline-offset-4 hover:underline"
            >
              Make a rule for {label.toLowerCase()} that has none of its own…
            </button>
          )}
        </div>
      ))}
      <details className="border-t border-line px-4 py-2 text-ink-soft">
        <summary>
          {formatCount(fixed.length)} more that no rule reaches: computed, or always for a person
        </summary>
        <p className="max-w-prose py-2">
          {fixed.map(({ label }) => label).join(' · ')}. What is computed follows from the rest and
          is checked, never written. Whether an invoice stands or is void is always decided by a
          person.
        </p>
      </details>
    </>
  );
}

type SaidProps = {
  readonly switched: SwitchedOn;
  readonly onDismiss: () => void;
  readonly onAgain: (pattern: string) => void;
};

/** What was just done, and what it set in motion. */
function Said({ switched, onDismiss, onAgain }: SaidProps) {
  const { sentence, bulkOperationId, deleted } = switched;
  return (
    <>
      <p
        role="status"
        data-rule-said
        className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-line bg-surface px-3 py-2 shadow-panel"
      >
        {sentence}
        {deleted !== null && (
          <button
            type="button"
            className="underline underline-offset-4"
            onClick={() => onAgain(deleted)}
          >
            Make one again
          </button>
        )}
        <button
          type="button"
          onClick={onDismiss}
          className="ml-auto text-ink-soft underline-offset-4 hover:underline"
        >
          Dismiss
        </button>
      </p>
      {bulkOperationId !== null && <BulkProgress id={bulkOperationId} onClose={onDismiss} />}
    </>
  );
}
