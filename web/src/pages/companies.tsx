import { AppLink } from '../components/app-link.tsx';
import { CompanyChip, CompanyFacts, HealthReasons } from '../components/company-health.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { CompanyCardsDocument } from '../graphql/generated/graphql.ts';
import type { CompanyCardPartsFragment } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { mayChangeHealth } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const buttonLook =
  'inline-flex h-8 items-center rounded-md border px-2.5 text-[0.8125rem] font-medium whitespace-nowrap';

/** Every company with its health, and the way to set one up. */
export function CompaniesPage() {
  const result = useLiveQuery({
    query: CompanyCardsDocument,
    variables: {},
    refetchOn: mayChangeHealth,
    refetchMs: 5_000,
  });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Companies</h1>
        <AppLink
          href={paths.newCompany()}
          className={`${buttonLook} border-ink bg-ink text-paper hover:opacity-90`}
        >
          Connect a company
        </AppLink>
      </div>
      <QueryView
        result={result}
        what="The companies"
        skeleton={<Skeleton what="companies" rows={2} rowClass="h-56" />}
      >
        {({ companies: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty title="No company yet.">
              A company pairs your internal books with one QuickBooks company.{' '}
              <AppLink href={paths.newCompany()} className="underline underline-offset-4">
                Connect the first one
              </AppLink>
            </Empty>
          ) : (
            <ul className="grid items-start gap-4 lg:grid-cols-2">
              {nodes.map((company) => (
                <li key={company.id}>
                  <CompanyCard company={company} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </div>
  );
}

/** Whether there is more to set up before the company works. */
const isUnfinished = ({ status, mode }: CompanyCardPartsFragment): boolean =>
  status === 'AWAITING_AUTHORIZATION' || (mode === 'SHADOW' && status !== 'DISCONNECTED');

function CompanyCard({ company }: { readonly company: CompanyCardPartsFragment }) {
  return (
    <Panel
      title={
        <AppLink
          href={paths.company(company.id)}
          className="text-sm underline-offset-4 hover:underline"
        >
          {company.name}
        </AppLink>
      }
      actions={
        <>
          <CompanyChip company={company} />
          <PanelGraphql query={CompanyCardsDocument} variables={{}} />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <HealthReasons company={company} />
        <CompanyFacts company={company} />
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          <AppLink href={paths.company(company.id)} className="underline underline-offset-4">
            Open
          </AppLink>
          {isUnfinished(company) && (
            <AppLink
              href={paths.companySetup(company.id)}
              className="font-medium underline underline-offset-4"
            >
              Go on setting it up
            </AppLink>
          )}
        </p>
      </div>
    </Panel>
  );
}
