import { toCompanyId } from '#core/brand.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { answerOnce, entryOf, type Ask, type Desk } from './change-request.ts';
import { addressProblems, nameProblems, secretProblems, tokenProblems } from './company-input.ts';

export type CreateCompany = {
  readonly name: string;
  readonly invoicingBaseUrl: string;
  readonly invoicingToken: string;
  readonly invoicingWebhookSecret: string;
};

/** Makes a company from its internal books, in shadow mode; QuickBooks is connected next (architecture.md §4). */
export async function createCompany(desk: Desk, ask: Ask<CreateCompany>): Promise<RequestOutcome> {
  const { secrets } = desk.administration;
  const { invoicingToken, invoicingWebhookSecret, ...shown } = ask.input;
  // What a key was used for is kept; secrets are kept as marks from which nobody can guess them.
  const marked = {
    ...shown,
    invoicingToken: secrets.mark(invoicingToken),
    invoicingWebhookSecret: secrets.mark(invoicingWebhookSecret),
  };
  return answerOnce(desk, 'createCompany', { ...ask, input: marked }, async (rows) => {
    const issues = problemsWith(ask, desk.administration.allowPrivateAddresses);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const id = toCompanyId(desk.ids.next());
    const name = ask.input.name.trim();
    const summary = `${ask.caller.name} made ${name} from its internal books; it runs in shadow mode.`;
    const changes = [
      { path: 'status', side: null, before: null, after: 'AWAITING_AUTHORIZATION' },
      { path: 'mode', side: null, before: null, after: 'SHADOW' },
      { path: 'invoicing.baseUrl', side: null, before: null, after: ask.input.invoicingBaseUrl },
    ];
    const company = {
      id,
      name,
      demo: desk.administration.demo,
      mode: 'SHADOW',
      goLiveDate: null,
      invoicingBaseUrl: ask.input.invoicingBaseUrl,
      invoicingToken: secrets.seal(invoicingToken),
      invoicingWebhookSecret: secrets.seal(invoicingWebhookSecret),
    } as const;
    const subject = { type: 'Company', id } as const;
    await rows.administration.add(
      company,
      entryOf(ask, 'COMPANY_CHANGED', summary, subject, { changes }),
    );
    return { companyId: id, subjectId: id, eventId: null, undoToken: null };
  });
}

function problemsWith({ input, caller }: Ask<CreateCompany>, allowPrivate: boolean) {
  const { name, invoicingBaseUrl, invoicingToken, invoicingWebhookSecret } = input;
  // Whoever is limited to companies could not see the new one.
  if (caller.companyIds !== null)
    return [{ path: [], message: 'Your key is limited to some companies; it may make none.' }];
  return [
    ...nameProblems('name', name),
    ...addressProblems('invoicingBaseUrl', invoicingBaseUrl, allowPrivate),
    ...tokenProblems('invoicingToken', invoicingToken),
    ...secretProblems('invoicingWebhookSecret', invoicingWebhookSecret),
  ];
}
