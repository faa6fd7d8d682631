import { paths } from '../paths.ts';
import { companyStatusLabels, directionLabels } from '../state-labels.ts';
import { AppLink, useCompanyId } from './app-link.tsx';
import { useCompanies } from './company-switch.tsx';

type Company = NonNullable<ReturnType<typeof useCompanies>['data']>['companies']['nodes'][number];

/** On every page of a company that is paused or cannot sync, so that nobody waits for what will not come. */
export function CompanyBanner() {
  const companyId = useCompanyId();
  const companies = useCompanies().data?.companies.nodes ?? [];
  const stopped = companies
    .filter(({ id }) => companyId === undefined || id === companyId)
    .flatMap((company) => {
      const sentence = whyStopped(company);
      return sentence === null ? [] : [{ ...company, sentence }];
    });
  if (stopped.length === 0) return null;
  return (
    <section
      aria-label="Companies that do not sync"
      className="border-b border-line bg-us-soft px-4 py-1.5 text-[0.8125rem] text-us md:px-6"
    >
      <ul>
        {stopped.map(({ id, name, sentence }) => (
          <li key={id}>
            {name}: {sentence}{' '}
            <AppLink href={paths.company(id)} className="underline underline-offset-4">
              See the company
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why changes of a company do not cross now; null when they do. */
function whyStopped({ status, pausedDirections }: Company): string | null {
  const [only] = pausedDirections;
  if (only !== undefined && pausedDirections.length === 1)
    return `A person paused what goes ${directionLabels[only].within}. It waits and nothing is lost; the other way goes on.`;
  if (only !== undefined || status === 'PAUSED')
    return 'A person paused it. Changes wait and nothing is lost.';
  return status === 'ACTIVE' ? null : companyStatusLabels[status].help;
}
