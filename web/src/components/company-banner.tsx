import { companyStatusLabels } from '../state-labels.ts';
import { useCompanyId } from './app-link.tsx';
import { useCompanies } from './company-switch.tsx';

/** On every page of a company that is paused or cannot sync, so that nobody waits for what will not come. */
export function CompanyBanner() {
  const companyId = useCompanyId();
  const companies = useCompanies().data?.companies.nodes ?? [];
  const stopped = companies.filter(
    ({ id, status }) => (companyId === undefined || id === companyId) && status !== 'ACTIVE',
  );
  if (stopped.length === 0) return null;
  return (
    <ul className="border-b border-line bg-us-soft px-4 py-1.5 text-[0.8125rem] text-us md:px-6">
      {stopped.map(({ id, name, status }) => (
        <li key={id}>
          {name}: {companyStatusLabels[status].help}
        </li>
      ))}
    </ul>
  );
}
