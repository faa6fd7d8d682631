import { useEffect, useReducer } from 'react';
import type { ComponentType } from 'react';
import { FailureNotice } from './components/query-view.tsx';
import { paths } from './paths.ts';

const firstAgainMs = 1_000;
const againMsMax = 15_000;

/** The least time between two loads of the whole app for the sake of one script. */
const reloadMsMin = 60_000;
const reloadedAtName = 'ledgerbridge.reloaded-at';

/**
 * A page whose script comes when it is first wanted, or before, when the browser is idle. Where it cannot be fetched
 * the page says so in its place and comes by itself once the server is back: loading the whole app anew from a server
 * that is away would leave an empty window.
 */
export function lazyPage<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
) {
  let page: ComponentType | undefined;
  const preload = async () => {
    const loaded = page === undefined ? await load().catch(() => undefined) : undefined;
    page ??= loaded?.[name];
  };
  // The router waits for `preload` before it comes here: without a page, it was not to be had.
  function LazyPage() {
    const [, look] = useReducer((count: number) => count + 1, 0);
    const Page = page;
    if (Page !== undefined) return <Page />;
    const fetchAgain = async () => {
      await preload();
      if (page !== undefined) look();
      return page !== undefined;
    };
    return <UnfetchedPage fetchAgain={fetchAgain} />;
  }
  return Object.assign(LazyPage, { preload });
}

type UnfetchedPageProps = {
  /** Whether the script is there now. */
  readonly fetchAgain: () => Promise<boolean>;
};

function UnfetchedPage({ fetchAgain }: UnfetchedPageProps) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const again = async (waitMs: number) => {
      if (await fetchAgain()) return;
      // The server is there and the script is not: it is of another build, or the browser remembers the failure.
      if (await isAnswering()) reload();
      if (!isOver) wait(Math.min(waitMs * 2, againMsMax));
    };
    const wait = (waitMs: number) => {
      timer = setTimeout(() => void again(waitMs), waitMs);
    };
    wait(firstAgainMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  const failure = {
    sentence: 'LedgerBridge did not answer. It is tried again as soon as it is back.',
    correlationId: null,
  };
  return (
    <>
      <h1 className="sr-only">This page is not here yet</h1>
      <FailureNotice failure={failure} what="This page" onRetry={() => void fetchAgain()} />
    </>
  );
}

async function isAnswering(): Promise<boolean> {
  const answer = await fetch(paths.ready()).catch(() => null);
  return answer?.ok === true;
}

function reload(): void {
  const reloadedAtMs = Number(sessionStorage.getItem(reloadedAtName) ?? 0);
  if (Date.now() - reloadedAtMs < reloadMsMin) return;
  sessionStorage.setItem(reloadedAtName, String(Date.now()));
  window.location.reload();
}
