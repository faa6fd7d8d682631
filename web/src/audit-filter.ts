import type { AuditAction, AuditFilter } from './graphql/generated/graphql.ts';
import type { AuditQuery } from './paths.ts';
import { auditActionLabels } from './state-labels.ts';

/** Every action, in the order of its words. */
export const auditActions: readonly AuditAction[] = Object.entries(auditActionLabels)
  .toSorted(([, one], [, other]) => one.localeCompare(other))
  .flatMap(([name]) => actionNamed(name) ?? []);

/** The action an address names; undefined when there is none of that name. */
function actionNamed(name: string | undefined): AuditAction | undefined {
  const isAction = (one: string): one is AuditAction => one in auditActionLabels;
  return name !== undefined && isAction(name) ? name : undefined;
}

/** A local moment of an address as an instant; undefined when it is none. */
function instantOf(local: string | undefined): string | undefined {
  const ms = local === undefined ? Number.NaN : Date.parse(local);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** What an address asks of the audit trail. */
export function auditFilterOf(query: AuditQuery): AuditFilter {
  const { actor, subject, correlation, company } = query;
  const action = actionNamed(query.action);
  const from = instantOf(query.from);
  const to = instantOf(query.to);
  return {
    ...(company === undefined ? {} : { companyIds: [company] }),
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(action === undefined ? {} : { actions: [action] }),
    ...(subject === undefined ? {} : { subjectId: subject }),
    ...(correlation === undefined ? {} : { correlationId: correlation }),
    ...(from === undefined && to === undefined
      ? {}
      : { at: { ...(from && { from }), ...(to && { to }) } }),
  };
}
