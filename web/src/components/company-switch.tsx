import { useRouter } from '@tanstack/react-router';
import { CompaniesDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { useCompanyId } from './app-link.tsx';

/** All companies, kept current; shared by the switch, the overview and the banner. */
export function useCompanies() {
  return useLiveQuery({
    query: CompaniesDocument,
    variables: {},
    refetchOn: ({ type }) => type === 'COMPANY_CHANGED',
  });
}

/** Narrows every page to one company; the choice is in the address. */
export function CompanySwitch() {
  const router = useRouter();
  const companyId = useCompanyId();
  const companies = useCompanies().data?.companies.nodes ?? [];

  const choose = (id: string) => {
    const url = new URL(router.history.location.href, window.location.origin);
    if (id === '') url.searchParams.delete('company');
    else url.searchParams.set('company', id);
    router.history.push(url.pathname + url.search);
  };

  return (
    <label className="min-w-0">
      <span className="sr-only">Company</span>
      <select
        value={companyId ?? ''}
        onChange={(event) => choose(event.target.value)}
        className="h-8 max-w-44 min-w-0 truncate rounded-md border border-line-strong/60 bg-surface px-2 text-[0.8125rem] font-medium md:max-w-64"
      >
        <option value="">All companies</option>
        {companies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
