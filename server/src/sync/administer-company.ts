import type { AuditChange } from '#core/audit/entry.ts';
import type { Json } from '#core/json.ts';
import { maySee } from '#ports/access.ts';
import type { AdministeredCompany, CompanyChange } from '#ports/administration.ts';
import type { LockedRows, Refusal, RequestedChange, Touched } from '#ports/change-requests.ts';
import { actorOf, entryOf, notFound, staleSince, type Ask } from './change-request.ts';

type Place = { readonly companyId: string; readonly expectedVersion: number };

/** The company a request is about, locked and as the caller looked at it; or why not. */
export async function companyAsSeen(
  rows: LockedRows,
  { caller, input }: Ask<Place>,
): Promise<{ readonly company: AdministeredCompany } | Refusal> {
  const company = await rows.administration.find(input.companyId);
  if (company === null || !maySee(caller, company.id)) return notFound;
  return company.version === input.expectedVersion ? { company } : staleSince(company);
}

/** What was touched by a request about a company. */
export const touchedCompany = ({ id }: Pick<AdministeredCompany, 'id'>): Touched => ({
  companyId: id,
  subjectId: id,
  eventId: null,
  undoToken: null,
});

/** Fields that differ, under the name of what they belong to. */
export const differences = (
  under: string,
  before: { readonly [path: string]: Json },
  after: { readonly [path: string]: Json },
): readonly AuditChange[] =>
  Object.keys(after)
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({
      path: `${under}.${key}`,
      side: null,
      before: before[key] ?? null,
      after: after[key] ?? null,
    }));

/** A change of a company with its audit entry and its stream event. */
export function companyChange(
  ask: Ask<unknown>,
  { id }: Pick<AdministeredCompany, 'id'>,
  summary: string,
  changes: readonly AuditChange[],
  change?: CompanyChange,
): RequestedChange {
  const subject = { type: 'Company', id } as const;
  return {
    companyId: id,
    linkId: null,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    ...(change === undefined ? {} : { company: change }),
    audit: [entryOf(ask, 'COMPANY_CHANGED', summary, subject, { changes })],
    stream: [{ type: 'COMPANY_CHANGED', summary, detail: { companyId: id } }],
  };
}
