import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { ConnectButton } from '../components/company-connect.tsx';
import { CompanyDisconnect } from '../components/company-disconnect.tsx';
import { CompanyEndpoint } from '../components/company-endpoint.tsx';
import { CompanyChip, CompanyFacts, HealthReasons } from '../components/company-health.tsx';
import { CompanyNotifications } from '../components/company-notifications.tsx';
import { CompanyPause } from '../components/company-pause.tsx';
import { CompanyReferences } from '../components/company-references.tsx';
import { CompanySettingsForm } from '../components/company-settings.tsx';
import { NeedsAdmin } from '../components/needs-admin.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { CompanyPageDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { companyTabs, paths } from '../paths.ts';
import type { CompanyTab } from '../paths.ts';
import { companyModeLabels } from '../state-labels.ts';
import { mayChangeHealth } from '../stream/event-kinds.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/companies/$id');

const tabNames: Record<CompanyTab, string> = {
  health: 'Health',
  settings: 'Settings',
  references: 'References',
  notifications: 'Notifications',
};

/** One company: how it works, what it may do by itself, and what its two sides call the same things. */
export function CompanyPage() {
  const { id } = route.useParams();
  return <CompanyView key={id} id={id} />;
}

function CompanyView({ id }: { readonly id: string }) {
  const { tab } = route.useSearch();
  const variables = { id };
  const result = useLiveQuery({
    query: CompanyPageDocument,
    variables,
    refetchOn: (event) => event.company.id === id && mayChangeHealth(event),
    refetchMs: 3_000,
  });
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Company</h1>}
      <QueryView
        result={result}
        what="This company"
        skeleton={<Skeleton what="the company" rows={4} rowClass="h-16" />}
      >
        {({ company, viewer }) =>
          company === null ? (
            <>
              <h1 className="sr-only">Company not found</h1>
              <Empty title="There is no such company, or you may not see it.">
                <AppLink href={paths.companies()} className="underline underline-offset-4">
                  All companies
                </AppLink>
              </Empty>
            </>
          ) : (
            <div className="flex flex-col gap-4">
              <Header company={company} tab={tab} />
              <Content company={company} tab={tab} scopes={viewer.scopes} />
            </div>
          )
        }
      </QueryView>
    </>
  );
}

type TabProps = { readonly company: CompanyPartsFragment; readonly tab: CompanyTab };

function Header({ company, tab }: TabProps) {
  return (
    <header className="flex flex-col gap-2">
      <p className="text-[0.8125rem] text-ink-soft">
        <AppLink href={paths.companies()} className="underline-offset-4 hover:underline">
          Companies
        </AppLink>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight md:text-2xl">{company.name}</h1>
        <CompanyChip company={company} />
        <span className="text-ink-soft">
          {companyModeLabels[company.mode]}
          {company.homeCurrency !== null && ` · ${company.homeCurrency}`}
          {company.quickbooksRealmId !== null && ` · QuickBooks ${company.quickbooksRealmId}`}
        </span>
      </div>
      <nav aria-label="Tabs" className="relative -mx-1 flex gap-1 overflow-x-auto px-1 py-1">
        {companyTabs.map((one) => (
          <AppLink
            key={one}
            href={paths.company(company.id, { tab: one })}
            aria-current={one === tab ? 'page' : undefined}
            className={`rounded-full px-3 py-1 text-[0.8125rem] font-medium whitespace-nowrap ${
              one === tab ? 'bg-ink text-paper' : 'text-ink-soft hover:bg-raised hover:text-ink'
            }`}
          >
            {tabNames[one]}
          </AppLink>
        ))}
      </nav>
    </header>
  );
}

type ContentProps = TabProps & { readonly scopes: readonly string[] };

function Content({ company, tab, scopes }: ContentProps) {
  const mayChange = scopes.includes('ADMIN');
  switch (tab) {
    case 'health':
      return (
        <HealthTab company={company} mayChange={mayChange} mayPause={scopes.includes('OPERATE')} />
      );
    case 'settings':
      return (
        <>
          <NeedsAdmin mayChange={mayChange} />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <CompanyPanel title="What the bridge may do by itself" company={company}>
              <CompanySettingsForm key={company.version} company={company} mayChange={mayChange} />
            </CompanyPanel>
            <CompanyPanel title="Internal invoicing" company={company}>
              <CompanyEndpoint company={company} mayChange={mayChange} />
            </CompanyPanel>
          </div>
        </>
      );
    case 'references':
      return <CompanyReferences companyId={company.id} mayMap={scopes.includes('OPERATE')} />;
    case 'notifications':
      return (
        <>
          <NeedsAdmin mayChange={mayChange} />
          <CompanyPanel title="What people are told about" company={company}>
            <CompanyNotifications company={company} mayChange={mayChange} />
          </CompanyPanel>
        </>
      );
    default:
      return tab satisfies never;
  }
}

type CompanyPanelProps = {
  readonly title: string;
  readonly company: CompanyPartsFragment;
  readonly children: ReactNode;
};

function CompanyPanel({ title, company, children }: CompanyPanelProps) {
  return (
    <Panel
      title={title}
      actions={<PanelGraphql query={CompanyPageDocument} variables={{ id: company.id }} />}
    >
      {children}
    </Panel>
  );
}

type HealthTabProps = {
  readonly company: CompanyPartsFragment;
  readonly mayChange: boolean;
  readonly mayPause: boolean;
};

function HealthTab({ company, mayChange, mayPause }: HealthTabProps) {
  const { id, status, mode } = company;
  const isConnected = status === 'ACTIVE' || status === 'PAUSED';
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <CompanyPanel title="Health" company={company}>
        <div className="flex flex-col gap-3">
          <HealthReasons company={company} />
          <CompanyFacts company={company} />
        </div>
      </CompanyPanel>
      <div className="flex flex-col gap-4">
        {isConnected && (
          <CompanyPanel title="Directions" company={company}>
            <CompanyPause company={company} mayPause={mayPause} />
          </CompanyPanel>
        )}
        <CompanyPanel title="Connection" company={company}>
          <div className="flex flex-col gap-3">
            {mode === 'SHADOW' && status !== 'DISCONNECTED' && (
              <p>
                Writes are only planned.{' '}
                <AppLink href={paths.companySetup(id)} className="underline underline-offset-4">
                  Review the plan and go live
                </AppLink>
              </p>
            )}
            <div className="flex flex-wrap items-start gap-2">
              <ConnectButton
                companyId={id}
                returnPath={paths.company(id)}
                words={isConnected ? 'Connect again' : 'Connect to QuickBooks'}
                mayChange={mayChange}
              />
              {status !== 'DISCONNECTED' && status !== 'AWAITING_AUTHORIZATION' && (
                <CompanyDisconnect company={company} mayChange={mayChange} />
              )}
            </div>
            {!mayChange && (
              <p className="text-[0.8125rem] text-ink-soft">
                Connecting and disconnecting need the right ADMIN.
              </p>
            )}
          </div>
        </CompanyPanel>
      </div>
    </div>
  );
}
