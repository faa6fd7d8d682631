import { maySee, type Caller } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { answerOnce, entryOf, illegal, notFound, type Ask, type Desk } from './change-request.ts';

export type RevokeApiClient = { readonly apiClientId: string };

/** Takes a key back for good: its sessions and open sockets end at once, in every process. */
export const revokeApiClient = (desk: Desk, ask: Ask<RevokeApiClient>): Promise<RequestOutcome> =>
  answerOnce(desk, 'revokeApiClient', ask, async (rows) => {
    const client = await rows.apiClients.find(ask.input.apiClientId);
    if (client === null || !mayManage(ask.caller, client.companyIds)) return notFound;
    const touched = { companyId: null, subjectId: client.id, eventId: null, undoToken: null };
    if (client.isRevoked) return touched;
    if (client.isLastAdministrator)
      return illegal(
        'It is the last key that may administer everything. Make another one first.',
        false,
      );
    const summary = `${ask.caller.name} revoked the API client “${client.displayName}”.`;
    const changes = [{ path: 'revoked', side: null, before: false, after: true }];
    const subject = { type: 'ApiClient', id: client.id } as const;
    await rows.apiClients.revoke(
      client.id,
      entryOf(ask, 'API_CLIENT_CHANGED', summary, subject, { changes }),
    );
    return touched;
  });

/** An administrator of some companies manages only clients that see no others. */
const mayManage = (caller: Caller, companyIds: readonly string[] | null): boolean =>
  caller.companyIds === null ||
  (companyIds !== null && companyIds.every((id) => maySee(caller, id)));
