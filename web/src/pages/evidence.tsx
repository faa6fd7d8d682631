import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { AppLink, useGo } from '../components/app-link.tsx';
import { EvidenceSheet } from '../components/evidence-sheet.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { CompaniesDocument, EvidenceDocument } from '../graphql/generated/graphql.ts';
import type { CompaniesQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { lastMonth } from '../format/date.ts';
import { paths } from '../paths.ts';
import type { EvidenceSearch } from '../search.ts';
import { textsOf } from '../ui/form-texts.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/reconcile/evidence');

/** What an accountant keeps of a period: a page to print, with what it can be checked against later. */
export function EvidencePage() {
  const search = route.useSearch();
  const result = useLiveQuery({ query: CompaniesDocument, variables: {} });
  return (
    <div className="flex flex-col gap-4">
      <header>
        <p className="text-[0.8125rem] text-ink-soft">
          <AppLink href={paths.reconcile()} className="underline-offset-4 hover:underline">
            Reconcile
          </AppLink>
        </p>
        <h1 className="text-xl font-semibold tracking-tight">Evidence for a period</h1>
      </header>
      <QueryView
        result={result}
        what="The companies"
        skeleton={<Skeleton what="companies" rows={2} />}
      >
        {({ companies }) =>
          companies.nodes.length === 0 ? (
            <Empty title="No company yet.">Connect one; then a period of it can be proven.</Empty>
          ) : (
            <Evidence companies={companies.nodes} search={search} />
          )
        }
      </QueryView>
    </div>
  );
}

type EvidenceProps = {
  readonly companies: CompaniesQuery['companies']['nodes'];
  readonly search: EvidenceSearch;
};

const field = 'h-8 rounded-md border border-line-strong bg-surface px-2';

function Evidence({ companies, search }: EvidenceProps) {
  const [usual] = useState(() => lastMonth(Date.now()));
  const companyId = search.company ?? companies[0]?.id ?? '';
  const from = search.from ?? usual.from;
  const to = search.to ?? usual.to;
  const go = useGo();
  return (
    <>
      <form
        className="flex flex-wrap items-end gap-x-4 gap-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          go(paths.evidence(textsOf(form, ['company', 'from', 'to'])), 'replace');
        }}
      >
        <label className="flex flex-col gap-1 text-[0.8125rem] text-ink-soft">
          Company
          <select name="company" defaultValue={companyId} className={field}>
            {companies.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="flex flex-col gap-1 text-[0.8125rem] text-ink-soft">
          First issue date
          <input type="date" required name="from" defaultValue={from} className={field} />
        </label>
        <label className="flex flex-col gap-1 text-[0.8125rem] text-ink-soft">
          Last issue date
          <input type="date" required name="to" defaultValue={to} className={field} />
        </label>
        <Button type="submit">Show</Button>
        <Button kind="strong" onClick={() => window.print()}>
          Print or save as PDF
        </Button>
        <PanelGraphql query={EvidenceDocument} variables={{ companyId, from, to }} />
      </form>
      <Report key={`${companyId} ${from} ${to}`} companyId={companyId} from={from} to={to} />
    </>
  );
}

type ReportProps = { readonly companyId: string; readonly from: string; readonly to: string };

/** Computed once and left alone: a page for the file must not change while it is read. */
function Report(variables: ReportProps) {
  const result = useLiveQuery({ query: EvidenceDocument, variables });
  return (
    <QueryView
      result={result}
      what="The evidence"
      skeleton={<Skeleton what="the evidence" rows={5} rowClass="h-16" />}
    >
      {({ evidenceReport }) => <EvidenceSheet report={evidenceReport} />}
    </QueryView>
  );
}
