import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Revocations } from '#ports/revocations.ts';

/** What giving tokens back works with. */
export type TokenGiver = {
  readonly revocations: Revocations;
  /** Ends a connection at Intuit; a token that is dead already is fine. */
  readonly revoke: (token: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
};

const lookEveryMs = 5_000;

/** Gives back what is due, then looks again, until told to stop. */
export async function keepGivingBackTokens(giver: TokenGiver, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await giveBackNext(giver)));
    } catch (error) {
      giver.log.warn('tokens could not be given back; it is tried again', { cause: String(error) });
    }
    await giver.clock.wait(lookEveryMs, signal);
  }
}

/** Gives back the token that has waited longest; false when none is due. */
export const giveBackNext = ({ revocations, revoke, log }: TokenGiver): Promise<boolean> =>
  revocations.next(async ({ companyId, token }) => {
    try {
      await revoke(token);
      return 'given-back';
    } catch (error) {
      const cause = error instanceof Error ? error.message : 'unknown';
      log.warn('Intuit did not take a token back; it is tried again', { companyId, cause });
      return 'failed';
    }
  });
