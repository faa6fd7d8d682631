import type { Clock } from '#ports/clock.ts';
import type { Caller } from '#ports/access.ts';
import type { PrismaClient } from '#generated/prisma/client.ts';
import type { Actions } from '#sync/actions.ts';
import type { CheckConnection } from '#sync/check-connection.ts';
import type { StreamSource } from './stream-source.ts';

/** What stays the same for every request of a process. */
export type Surroundings = {
  readonly prisma: PrismaClient;
  readonly stream: StreamSource;
  /** What people may ask for; writes go this way and no other. */
  readonly actions: Actions;
  /** Looks at both sides of a company, by calls that change nothing. */
  readonly checkConnection: CheckConnection;
  readonly clock: Clock;
  /** Running version. */
  readonly build: string;
  /** Address others reach us at, without a slash at the end. */
  readonly publicUrl: string;
  /** Reads allowed each month for all companies together; null when unmetered. */
  readonly monthlyReads: number | null;
};

/** What a resolver gets: the surroundings and who asks. Loaders hang on its identity, so each run gets a new one. */
export type GraphqlContext = Surroundings & {
  readonly caller: Caller;
  readonly correlationId: string;
  readonly budget: CallerBudget;
  readonly browser: BrowserMemory;
  /** What the caller's connection was sent and has not taken yet, in bytes; 0 where nothing is sent ahead. */
  readonly bufferedBytes: () => number;
};

/** What the caller's browser is to keep; set once an authorization began (http.md §2). */
type BrowserMemory = { nonce: string | null };

/** Query cost budget of the caller. */
export type CallerBudget = {
  readonly limit: number;
  readonly refillPerSecond: number;
  remaining(): Promise<number>;
};

/** Companies the caller may see, null for all; every list, look-up, count and stream goes through it. */
export const visibleCompanies = (context: GraphqlContext): readonly string[] | null =>
  context.caller.companyIds;

/** Whether an object of that company may be shown; the system's own objects only to those who see all. */
export function isVisible(context: GraphqlContext, companyId: string | null): boolean {
  const visible = visibleCompanies(context);
  return visible === null || (companyId !== null && visible.includes(companyId));
}
