import { failed, succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import type { CompanyId } from '#core/brand.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { Clock } from '#ports/clock.ts';
import type { Credentials, Tokens } from '#ports/credentials.ts';
import type { Answer } from './client.ts';
import { judge, type CallPurpose, type Judgement } from './faults.ts';
import { AccessLapsed, type QuickBooksOAuth } from './oauth.ts';
import type { Pace } from './pace.ts';

/** An answer of a good status that holds no fault; what it says is still to be read. */
export type Success = Extract<Answer, { readonly kind: 'answered' }>;

/** One call with a token, within the deadline. */
type Send = (token: string, options: CallOptions) => Promise<Answer>;

/** Makes calls for one company with a token that lives, and sorts what goes wrong. */
export type Caller = (
  purpose: CallPurpose,
  options: CallOptions,
  send: Send,
) => Promise<CallOutcome<Success>>;

/** A call that was made, or was not given a turn. */
type Tried =
  | { readonly granted: true; readonly answer: Answer; readonly judgement: Judgement | null }
  | { readonly granted: false; readonly failure: CallFailure };

export type CallerOptions = {
  readonly companyId: CompanyId;
  readonly credentials: Credentials;
  readonly oauth: QuickBooksOAuth;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Told the `Date` of every answer. */
  readonly heard?: (date: string | null) => void;
};

/** Renew this long before the end, so that a token does not die on the way. */
const renewBeforeMs = 60_000;

/** Binds the calls of a company to its stored tokens. */
export function createCaller({
  companyId,
  credentials,
  oauth,
  clock,
  pace,
  heard,
}: CallerOptions): Caller {
  const renew = (seen: Tokens): Promise<CallOutcome<Tokens>> =>
    credentials
      .rotate(companyId, seen, (held) => oauth.refresh(held))
      .then(succeeded, (error: unknown) => failed(renewalFailure(error)));

  return async (purpose, options, send) => {
    // The deadline is the call's own: waiting for a turn is not the other side's slowness.
    const attempt = async (token: string): Promise<Tried> => {
      const turn = await pace.turn(purpose === 'read' ? 'read' : 'write', options.signal);
      if (!turn.granted) return turn;
      let judgement: Judgement | null = null;
      try {
        const answer = await send(token, options);
        if (answer.kind === 'answered') heard?.(answer.date);
        judgement = judge(answer, purpose);
        return { granted: true, answer, judgement };
      } finally {
        turn.answered(judgement?.kind === 'unauthorized' ? null : judgement);
      }
    };
    const stored = await credentials.tokens(companyId);
    if (stored === null) return failed(notConnected);

    const isFresh = stored.accessExpiresAt - clock.now() > renewBeforeMs;
    const first = isFresh ? succeeded(stored) : await renew(stored);
    if (!first.ok) return first;
    const tried = await attempt(first.value.accessToken);
    if (!tried.granted) return failed(tried.failure);
    if (tried.judgement?.kind !== 'unauthorized') return concluded(tried.answer, tried.judgement);

    // The same bytes and request id go again: the refusal may follow a partial commit (quickbooks.md §1.4).
    const renewed = await renew(first.value);
    if (!renewed.ok) return renewed;
    const second = await attempt(renewed.value.accessToken);
    if (!second.granted) return failed(second.failure);
    if (second.judgement?.kind !== 'unauthorized')
      return concluded(second.answer, second.judgement);
    const cause = 'QuickBooks does not accept a token it has just issued';
    return failed({ kind: 'access-lapsed', cause, fault: second.judgement.fault });
  };
}

const notConnected: CallFailure = {
  kind: 'access-lapsed',
  cause: 'The company is not connected to QuickBooks',
  fault: null,
};

/** Only a dead refresh token needs a person; a token server that is down is waited for. */
function renewalFailure(error: unknown): CallFailure {
  if (error instanceof AccessLapsed)
    return { kind: 'access-lapsed', cause: error.message, fault: null };
  const cause = error instanceof Error ? error.message : 'the access token could not be renewed';
  return { kind: 'not-sent', cause };
}

function concluded(answer: Answer, failure: CallFailure | null): CallOutcome<Success> {
  if (failure !== null) return failed(failure);
  if (answer.kind === 'answered') return succeeded(answer);
  return failed({ kind: 'not-sent', cause: answer.cause });
}
