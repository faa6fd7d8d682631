import { maySee } from '#ports/access.ts';
import { toCompanyId } from '#core/brand.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { companyChange, touchedCompany } from './administer-company.ts';
import { answerOnce, type Ask, type Desk } from './change-request.ts';

export type StartCompanyAuthorization = {
  readonly companyId: string;
  /** Path in the web app to come back to. */
  readonly returnPath: string;
};

/** How a person gets to Intuit's page. */
export type StartedAuthorization = {
  readonly outcome: RequestOutcome;
  readonly authorizationUrl: string | null;
  /** To be kept by the browser that began; null where an API key did. */
  readonly nonce: string | null;
};

/** Longest path back, in characters. */
const pathLengthMax = 1_000;

/** A path of our own: nothing that a browser could take for another site. */
const ownPath = /^\/(?![/\\])[!-[\]-~]*$/;

const noCompany = {
  kind: 'invalid',
  issues: [{ path: ['companyId'], message: 'There is no such company, or you may not see it.' }],
} as const;

/**
 * Begins connecting a company to QuickBooks. The address is made anew for a repeat (api-and-web.md §2.4): it is a way to
 * Intuit's page and changes nothing until somebody comes back.
 */
export async function startCompanyAuthorization(
  desk: Desk,
  ask: Ask<StartCompanyAuthorization>,
): Promise<StartedAuthorization> {
  const { companyId, returnPath } = ask.input;
  const outcome = await answerOnce(desk, 'startCompanyAuthorization', ask, async (rows) => {
    if (!ownPath.test(returnPath) || returnPath.length > pathLengthMax)
      return {
        kind: 'invalid',
        issues: [
          { path: ['returnPath'], message: 'Give a path in the web app, like “/companies”.' },
        ],
      };
    const company = await rows.companyNow(toCompanyId(companyId));
    if (company === null || !maySee(ask.caller, company.id)) return noCompany;
    const summary = `${ask.caller.name} began connecting ${company.name} to QuickBooks.`;
    await rows.record(companyChange(ask, company, summary, []));
    return touchedCompany(company);
  });
  if (outcome.kind === 'not-found') return refused(noCompany);
  if (outcome.kind !== 'done') return refused(outcome);
  const { authorizations, consentUrl } = desk.administration;
  const { state, nonce } = await authorizations.open({
    companyId: toCompanyId(companyId),
    caller: ask.caller,
    returnPath,
  });
  return { outcome, authorizationUrl: consentUrl(state), nonce };
}

const refused = (outcome: RequestOutcome): StartedAuthorization => ({
  outcome,
  authorizationUrl: null,
  nonce: null,
});
