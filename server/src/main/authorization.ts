import { systemIds } from '#adapters/system/ids.ts';
import { toCorrelationId } from '#core/brand.ts';
import { idOf } from '#graphql/global-id.ts';
import { isUuid } from '#graphql/page-window.ts';
import type { AuthorizationRoutes } from '#http/authorization.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Log } from '#ports/log.ts';
import type { Actions } from '#sync/actions.ts';
import {
  finishCompanyAuthorization,
  type AuthorizationDesk,
} from '#sync/finish-company-authorization.ts';
import type { Composition } from './compose.ts';
import type { Config } from './config.ts';

/** Connecting companies over plain HTTP: `connect` is the mutation as a redirect, under a key of its own (http.md §2). */
export function authorizationOf(
  { quickbooks, publicUrl }: Pick<Config, 'quickbooks' | 'publicUrl'>,
  { administration, oauth }: Pick<Composition, 'administration' | 'oauth'>,
  actions: Pick<Actions, 'startCompanyAuthorization'>,
  doorbell: Doorbell,
  log: Log,
): Omit<AuthorizationRoutes, 'access'> {
  const { environment, apiBaseUrl } = quickbooks;
  const desk: AuthorizationDesk = {
    authorizations: administration.authorizations,
    exchange: (code, realmId) => oauth.exchange(code, realmId),
    connectionTo: (realmId) => ({ realmId, environment, apiBaseUrl }),
    doorbell,
    log,
  };
  return {
    isSecure: publicUrl.startsWith('https:'),
    start: (caller, { companyId, returnPath }) =>
      actions.startCompanyAuthorization({
        caller,
        idempotencyKey: systemIds.next(),
        correlationId: toCorrelationId(systemIds.next()),
        input: { companyId: ownId(companyId), returnPath },
      }),
    finish: (returned) => finishCompanyAuthorization(desk, returned),
  };
}

/** A global id as the API gives it, or the company's own; what is neither is told like one that does not exist. */
const ownId = (given: string): string => idOf('Company', given) ?? (isUuid(given) ? given : nobody);

const nobody = '00000000-0000-0000-0000-000000000000';
