import { unreachable } from '#core/unreachable.ts';
import type { Authorizations, ConnectOutcome, TakenAuthorization } from '#ports/authorizations.ts';
import type { Connection } from '#ports/companies.ts';
import type { Tokens } from '#ports/credentials.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Log } from '#ports/log.ts';

/** What comes back from Intuit's page. */
export type Returned = {
  readonly state: string;
  readonly code: string | null;
  readonly realmId: string | null;
  /** What Intuit says went wrong, `access_denied` when the person declined. */
  readonly error: string | null;
  /** What the browser kept since it began. */
  readonly nonce: string | null;
};

/** Where the person goes on, or what to tell them. */
export type FinishedAuthorization =
  | { readonly kind: 'connected'; readonly returnPath: string }
  | { readonly kind: 'refused'; readonly title: string; readonly explanation: string };

export type AuthorizationDesk = {
  readonly authorizations: Authorizations;
  /** Trades the code of a consent for tokens; a code works once. */
  readonly exchange: (code: string, realmId: string) => Promise<Tokens>;
  readonly connectionTo: (realmId: string) => Connection;
  readonly doorbell: Doorbell;
  readonly log: Log;
};

const nothingChanged = 'Nothing was connected and nothing was changed.';
const startAgain = 'Go back to LedgerBridge and start connecting again.';

/** Connects a company with what came back from Intuit's page; every refusal says what happened and what to do next. */
export async function finishCompanyAuthorization(
  desk: AuthorizationDesk,
  { state, code, realmId, error, nonce }: Returned,
): Promise<FinishedAuthorization> {
  const taken = await desk.authorizations.take(state, nonce);
  if (taken.kind === 'refused') return refusedState(taken.why);
  if (error !== null || code === null || realmId === null) return declined(error);
  const { authorization } = taken;
  let tokens: Tokens;
  try {
    tokens = await desk.exchange(code, realmId);
  } catch (failure) {
    const { companyId } = authorization;
    const cause = failure instanceof Error ? failure.message : 'unknown';
    desk.log.warn('a consent could not be traded for tokens', { companyId, cause });
    return refused(
      'QuickBooks did not confirm the connection',
      `Intuit did not hand over access for this consent. ${nothingChanged} ${startAgain}`,
    );
  }
  // What is refused from here on is kept nowhere. It is not given back either: that would end a pairing that stands.
  const outcome = await desk.authorizations.connect(
    authorization,
    desk.connectionTo(realmId),
    tokens,
  );
  if (outcome.kind !== 'connected') return refusedCompany(outcome, realmId);
  desk.doorbell.ring(authorization.companyId);
  return outcome;
}

const refused = (title: string, explanation: string): FinishedAuthorization => ({
  kind: 'refused',
  title,
  explanation,
});

function refusedState(
  why: Extract<TakenAuthorization, { kind: 'refused' }>['why'],
): FinishedAuthorization {
  switch (why) {
    case 'forged':
      return refused(
        'This link was not made by LedgerBridge',
        `The way back from QuickBooks carries a state that was not issued here. ${nothingChanged} ${startAgain}`,
      );
    case 'used':
      return refused(
        'This link was used already',
        `Each consent counts once. If the company is not connected yet, start again from LedgerBridge.`,
      );
    case 'expired':
      return refused(
        'This took longer than ten minutes',
        `The way back from QuickBooks has expired. ${nothingChanged} ${startAgain}`,
      );
    case 'other-browser':
      return refused(
        'Another browser began this',
        `Consent has to be given in the browser that started connecting. ${nothingChanged} ${startAgain}`,
      );
    case 'no-rights':
      return refused(
        'Your key may not connect this company any more',
        `The key that started connecting was revoked or limited meanwhile. ${nothingChanged} Ask an administrator.`,
      );
    default:
      return unreachable(why);
  }
}

const declined = (error: string | null): FinishedAuthorization =>
  error === 'access_denied'
    ? refused(
        'Access was not granted',
        `QuickBooks was asked for access and it was declined. ${nothingChanged} ${startAgain}`,
      )
    : refused(
        'QuickBooks sent an incomplete answer',
        `The way back from QuickBooks came without what is needed to connect. ${nothingChanged} ${startAgain}`,
      );

function refusedCompany(
  outcome: Exclude<ConnectOutcome, { kind: 'connected' }>,
  realmId: string,
): FinishedAuthorization {
  switch (outcome.kind) {
    case 'gone':
      return refused('The company is gone', `${nothingChanged} ${startAgain}`);
    case 'other-realm': {
      const { name, firstRealmId, firstName } = outcome;
      const first = firstName === null ? firstRealmId : `${firstName} (${firstRealmId})`;
      return refused(
        'This is another QuickBooks company',
        `${name} was first connected to the QuickBooks company ${first}; consent was given for ${realmId}. Its invoices belong to the first one, so ${name} connects to no other. ${nothingChanged} Start again and choose ${first}, or make a new company for ${realmId}.`,
      );
    }
    case 'paired':
      return refused(
        'This QuickBooks company is taken',
        `QuickBooks company ${realmId} is paired with ${outcome.pairedName} already, so ${outcome.name} cannot have it too: every invoice would be written twice. ${nothingChanged} Choose another QuickBooks company, or disconnect ${outcome.pairedName} first.`,
      );
    default:
      return unreachable(outcome);
  }
}
