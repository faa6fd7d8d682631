import { CompaniesDocument } from '../graphql/generated/graphql.ts';
import type { CompaniesQuery } from '../graphql/generated/graphql.ts';
import { companyModeLabels, companyStatusLabels, healthLabels } from '../state-labels.ts';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { useCompanyId } from './app-link.tsx';
import { useCompanies } from './company-switch.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';

/** Both ends of the bridge: whether each company can sync, and why not. */
export function CompaniesPanel() {
  const companyId = useCompanyId();
  return (
    <Panel title="Companies" actions={<PanelGraphql query={CompaniesDocument} variables={{}} />}>
      <QueryView result={useCompanies()} what="The companies">
        {({ companies }) => {
          const shown = companies.nodes.filter(
            ({ id }) => companyId === undefined || id === companyId,
          );
          return shown.length === 0 ? (
            <Empty title="No company yet.">
              Connect one to QuickBooks, and its invoices appear here.
            </Empty>
          ) : (
            <ul className="flex flex-col gap-3">
              {shown.map((company) => (
                <CompanyRow key={company.id} company={company} />
              ))}
            </ul>
          );
        }}
      </QueryView>
    </Panel>
  );
}

type Company = CompaniesQuery['companies']['nodes'][number];

function CompanyRow({ company }: { readonly company: Company }) {
  const { name, status, mode, health } = company;
  const shown = status === 'ACTIVE' ? healthLabels[health.state] : companyStatusLabels[status];
  const reasons = health.reasons.length > 0 ? health.reasons : [companyStatusLabels[status].help];
  return (
    <li>
      <p className="flex items-center justify-between gap-2">
        <span className="truncate font-medium">{name}</span>
        <Chip tone={shown.tone} help={shown.help}>
          {shown.label}
        </Chip>
      </p>
      <p className="text-[0.8125rem] text-ink-soft">
        {mode === 'SHADOW' && `${companyModeLabels[mode]}. `}
        {reasons.join(' ')}
      </p>
    </li>
  );
}
