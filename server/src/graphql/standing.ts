import type { Access, AccessBell, CallFacts, Caller } from '#ports/access.ts';

/** Whether whoever opened something still holds the rights it was opened with. */
export type Standing = {
  /** Aborts when the rights are gone. */
  readonly signal: AbortSignal;
  /** Stops watching. */
  readonly release: () => void;
};

export type Standings = {
  readonly watch: (facts: CallFacts, caller: Caller) => Standing;
  readonly dispose: () => void;
};

type Watched = {
  readonly facts: CallFacts;
  readonly caller: Caller;
  readonly gone: AbortController;
};

/** Sessions end by themselves too, and no bell rings for that. */
const lookAgainMs = 30_000;

/**
 * Watches what stays open: when a key is revoked or changed, or a session ends, whatever was opened with it ends at once
 * (api-and-web.md §1.3).
 */
export function createStandings(access: Access, bell: AccessBell): Standings {
  const open = new Set<Watched>();
  const check = async (watched: Watched): Promise<void> => {
    const now = await access.callerOf(watched.facts).catch(() => null);
    if (now === null || !hasSameRights(now, watched.caller)) watched.gone.abort();
  };
  const checkAll = (which: (caller: Caller) => boolean): void => {
    for (const watched of open) if (which(watched.caller)) void check(watched);
  };
  const unlisten = bell.listen((id) => {
    checkAll((caller) => id === null || caller.id === id || caller.sessionId === id);
  });
  const timer = setInterval(() => checkAll(({ sessionId }) => sessionId !== null), lookAgainMs);
  timer.unref();
  return {
    watch: (facts, caller) => {
      const watched = { facts, caller, gone: new AbortController() };
      open.add(watched);
      return { signal: watched.gone.signal, release: () => void open.delete(watched) };
    },
    dispose: () => {
      clearInterval(timer);
      unlisten();
    },
  };
}

const hasSameRights = (one: Caller, other: Caller): boolean =>
  one.id === other.id &&
  one.scope === other.scope &&
  (one.companyIds ?? ['*']).toSorted().join() === (other.companyIds ?? ['*']).toSorted().join();
