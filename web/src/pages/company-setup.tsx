import { getRouteApi } from '@tanstack/react-router';
import { reachable, stepFor } from '../companies/setup.ts';
import { ActRefusal } from '../components/act-refusal.tsx';
import { AppLink, useGo } from '../components/app-link.tsx';
import { ConnectButton } from '../components/company-connect.tsx';
import { CompanySettingsForm } from '../components/company-settings.tsx';
import { NeedsAdmin } from '../components/needs-admin.tsx';
import { QueryView } from '../components/query-view.tsx';
import { SetupChecks } from '../components/setup-checks.tsx';
import { SetupFrame } from '../components/setup-frame.tsx';
import { SetupLive } from '../components/setup-live.tsx';
import { SetupMatching } from '../components/setup-matching.tsx';
import { SetupPlan, usePlanAnew } from '../components/setup-plan.tsx';
import { SetupRules } from '../components/setup-rules.tsx';
import { CompanyPageDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import type { SetupStep } from '../paths.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const route = getRouteApi('/companies/$id/setup');

/** From a company without QuickBooks to its first crossings; it can be left and taken up again at any step. */
export function CompanySetupPage() {
  const { id } = route.useParams();
  return <Setup key={id} id={id} />;
}

function Setup({ id }: { readonly id: string }) {
  const { step: asked } = route.useSearch();
  const result = useLiveQuery({
    query: CompanyPageDocument,
    variables: { id },
    refetchOn: ({ type, company }) => type === 'COMPANY_CHANGED' && company.id === id,
  });
  return (
    <>
      {result.data === undefined && <h1 className="sr-only">Setting a company up</h1>}
      <QueryView
        result={result}
        what="This company"
        skeleton={<Skeleton what="the company" rows={3} rowClass="h-16" />}
      >
        {({ company, viewer }) => {
          if (company === null)
            return (
              <>
                <h1 className="sr-only">Company not found</h1>
                <Empty title="There is no such company, or you may not see it.">
                  <AppLink href={paths.companies()} className="underline underline-offset-4">
                    All companies
                  </AppLink>
                </Empty>
              </>
            );
          const step = stepFor(company, asked);
          const mayChange = viewer.scopes.includes('ADMIN');
          return (
            <SetupFrame
              companyId={company.id}
              title={company.name}
              here={step}
              reached={reachable(company)}
              isLive={company.mode === 'LIVE'}
            >
              {asksSomething(step, company) && <NeedsAdmin mayChange={mayChange} />}
              <StepContent company={company} step={step} mayChange={mayChange} />
            </SetupFrame>
          );
        }}
      </QueryView>
    </>
  );
}

/** Where nothing can be changed, nobody need be told that they may not. */
const asksSomething = (step: SetupStep, { mode }: CompanyPartsFragment): boolean =>
  step !== 'checks' && !(mode === 'LIVE' && (step === 'plan' || step === 'live'));

type StepProps = {
  readonly company: CompanyPartsFragment;
  readonly step: SetupStep;
  readonly mayChange: boolean;
};

function StepContent({ company, step, mayChange }: StepProps) {
  const go = useGo();
  const { state, planAnew } = usePlanAnew(company.id);
  const onSettingsSaved = () => {
    // What was planned when the company was connected went by the settings of that moment.
    if (company.mode === 'SHADOW') planAnew();
    go(paths.companySetup(company.id, { step: 'matching' }));
  };
  return (
    <>
      <ActRefusal state={state} />
      <StepAsked
        company={company}
        step={step}
        mayChange={mayChange}
        onSettingsSaved={onSettingsSaved}
      />
    </>
  );
}

type StepAskedProps = StepProps & { readonly onSettingsSaved: () => void };

function StepAsked({ company, step, mayChange, onSettingsSaved }: StepAskedProps) {
  switch (step) {
    case 'connect':
      return <Connect company={company} mayChange={mayChange} />;
    case 'checks':
      return <SetupChecks companyId={company.id} />;
    case 'start':
      return <Start company={company} mayChange={mayChange} onSaved={onSettingsSaved} />;
    case 'matching':
      return <SetupMatching companyId={company.id} mayChange={mayChange} />;
    case 'rules':
      return <SetupRules companyId={company.id} mayChange={mayChange} />;
    case 'plan':
      return <SetupPlan company={company} mayChange={mayChange} />;
    case 'live':
      return <SetupLive company={company} mayChange={mayChange} />;
    default:
      return step satisfies never;
  }
}

type StartProps = Omit<StepProps, 'step'> & { readonly onSaved: () => void };

function Start({ company, mayChange, onSaved }: StartProps) {
  return (
    <div className="max-w-xl">
      <CompanySettingsForm
        key={company.version}
        company={company}
        mayChange={mayChange}
        words="Save and go on"
        onSaved={onSaved}
      />
    </div>
  );
}

function Connect({ company, mayChange }: Omit<StepProps, 'step'>) {
  const { id, status, invoicing, quickbooksRealmId } = company;
  const isConnected = status === 'ACTIVE' || status === 'PAUSED';
  return (
    <>
      <div>
        <p className="font-medium text-internal">Internal invoicing</p>
        <p className="break-all">{invoicing.baseUrl}</p>
        <p className="mt-1 text-[0.8125rem] text-ink-soft">
          Let it send its webhooks to{' '}
          <code className="font-mono break-all text-ink">{invoicing.webhookUrl}</code>
          <CopyButton label="Copy the address" text={invoicing.webhookUrl} />
        </p>
      </div>
      <div className="flex flex-col items-start gap-2">
        <p className="font-medium text-quickbooks">QuickBooks</p>
        {isConnected ? (
          <p>Connected to the QuickBooks company {quickbooksRealmId}.</p>
        ) : (
          <p className="max-w-prose">
            You go to QuickBooks, choose the company there, and come back here. The bridge then
            reads both sides; it does not write.
          </p>
        )}
        <ConnectButton
          companyId={id}
          returnPath={paths.companySetup(id, { step: 'checks' })}
          words={isConnected ? 'Connect again' : 'Connect to QuickBooks'}
          mayChange={mayChange}
        />
      </div>
    </>
  );
}
