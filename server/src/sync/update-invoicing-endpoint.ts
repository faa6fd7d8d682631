import type { AuditChange } from '#core/audit/entry.ts';
import type { CompanyChange } from '#ports/administration.ts';
import type { InputProblem, RequestOutcome } from '#ports/change-requests.ts';
import { companyAsSeen, companyChange, touchedCompany } from './administer-company.ts';
import { answerOnce, type AdministrationDesk, type Ask, type Desk } from './change-request.ts';
import { addressProblems, secretProblems, tokenProblems } from './company-input.ts';

export type UpdateInvoicingEndpoint = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** Null leaves each as it is. */
  readonly baseUrl: string | null;
  readonly token: string | null;
  readonly webhookSecret: string | null;
  /** Until when the secret before is accepted too; not at all when null. */
  readonly overlapUntil: string | null;
};

/** Longest that two webhook secrets count side by side, in days. */
const overlapDaysMax = 30;
const dayMs = 86_400_000;

/** Changes where the internal books are, the token for them, or what signs their webhooks. */
export async function updateInvoicingEndpoint(
  desk: Desk,
  ask: Ask<UpdateInvoicingEndpoint>,
): Promise<RequestOutcome> {
  const { secrets } = desk.administration;
  const { token, webhookSecret } = ask.input;
  const marked = {
    ...ask.input,
    token: token === null ? null : secrets.mark(token),
    webhookSecret: webhookSecret === null ? null : secrets.mark(webhookSecret),
  };
  const asked = { ...ask, input: marked };
  return answerOnce(desk, 'updateInvoicingEndpoint', asked, async (rows) => {
    const issues = problemsWith(ask.input, desk.administration);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const found = await companyAsSeen(rows, ask);
    if ('kind' in found) return found;
    const { company } = found;
    const issue = tokenFor(ask.input, company.invoicingBaseUrl);
    if (issue !== null) return { kind: 'invalid', issues: [issue] };
    const changes = changesOf(ask.input, company.invoicingBaseUrl);
    if (changes.length > 0) {
      const summary = `${ask.caller.name} changed how ${company.name} reaches its internal books.`;
      const change = changeOf(ask.input, desk.administration);
      await rows.record(companyChange(ask, company, summary, changes, change));
    }
    return touchedCompany(company);
  });
}

function problemsWith(
  { baseUrl, token, webhookSecret, overlapUntil }: UpdateInvoicingEndpoint,
  { allowPrivateAddresses, clock }: AdministrationDesk,
): readonly InputProblem[] {
  const overlap = (message: string) => [{ path: ['overlapUntil'], message }];
  const leftMs = overlapUntil === null ? null : Date.parse(overlapUntil) - clock.now();
  return [
    ...(baseUrl === null ? [] : addressProblems('baseUrl', baseUrl, allowPrivateAddresses)),
    ...(token === null ? [] : tokenProblems('token', token)),
    ...(webhookSecret === null ? [] : secretProblems('webhookSecret', webhookSecret)),
    ...(leftMs !== null && webhookSecret === null
      ? overlap('An overlap needs a new webhook secret.')
      : []),
    ...(leftMs !== null && (leftMs < 0 || leftMs > overlapDaysMax * dayMs)
      ? overlap(`End the overlap within the next ${overlapDaysMax} days.`)
      : []),
  ];
}

/** A token is never sent where it was not given for: an address of another origin needs its own. */
function tokenFor(
  { baseUrl, token }: UpdateInvoicingEndpoint,
  before: string,
): InputProblem | null {
  if (baseUrl === null || token !== null) return null;
  const [from, to] = [new URL(before).origin, new URL(baseUrl).origin];
  if (from === to) return null;
  const message = `Give the token for ${to} too. The present one belongs to ${from} and would be sent to another server.`;
  return { path: ['token'], message };
}

/** Secrets are said to have changed; neither the old nor the new one is ever written down in the open. */
function changesOf(input: UpdateInvoicingEndpoint, baseUrl: string): readonly AuditChange[] {
  const secret = (name: string, value: string | null): readonly AuditChange[] =>
    value === null
      ? []
      : [{ path: `invoicing.${name}`, side: null, before: null, after: 'changed' }];
  const { overlapUntil } = input;
  return [
    ...(input.baseUrl === null || input.baseUrl === baseUrl
      ? []
      : [{ path: 'invoicing.baseUrl', side: null, before: baseUrl, after: input.baseUrl }]),
    ...secret('token', input.token),
    ...secret('webhookSecret', input.webhookSecret),
    ...(overlapUntil === null
      ? []
      : [{ path: 'invoicing.overlapUntil', side: null, before: null, after: overlapUntil }]),
  ];
}

function changeOf(
  { baseUrl, token, webhookSecret, overlapUntil }: UpdateInvoicingEndpoint,
  { secrets }: AdministrationDesk,
): CompanyChange {
  return {
    ...(baseUrl === null ? {} : { invoicingBaseUrl: baseUrl }),
    ...(token === null ? {} : { invoicingToken: secrets.seal(token) }),
    ...(webhookSecret === null
      ? {}
      : { invoicingWebhookSecret: { sealed: secrets.seal(webhookSecret), overlapUntil } }),
  };
}
