import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useQuery } from 'urql';
import type { AnyVariables, CombinedError, TypedDocumentNode } from 'urql';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import type { StreamEvent } from '../stream/stream-store.ts';
import { failureOf, mayPass } from './failure.ts';
import type { Failure } from './failure.ts';

/** A query as a view needs it: the last good data stays, whatever the newest answer was. */
export type LiveQuery<Data> = {
  readonly data: Data | undefined;
  readonly failure: Failure | null;
  readonly isFetching: boolean;
  readonly retry: () => void;
};

type LiveQueryOptions<Data, Variables extends AnyVariables> = {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  /** Events after which the answer may be out of date in ways that the cache cannot know. */
  readonly refetchOn?: (event: StreamEvent, shown: Data | undefined) => boolean;
  /** Least milliseconds between two such refetches. */
  readonly refetchMs?: number;
};

/**
 * A query kept current: entities by the stream through the cache, the rest by asking again after events, a gap,
 * a lost connection, and, slower and slower, while it fails. While paused it holds still. Mount it under a `key` of its variables: data of one filter
 * never stands in for another's.
 */
export function useLiveQuery<Data, Variables extends AnyVariables>({
  query,
  variables,
  refetchOn = () => false,
  refetchMs = 400,
}: LiveQueryOptions<Data, Variables>): LiveQuery<Data> {
  const isPaused = useStream((stream) => stream.isPaused);
  const hasBegun = useStream((stream) => stream.hasBegun);
  const [{ data, error, fetching }, execute] = useQuery({
    query,
    variables,
    requestPolicy: 'cache-and-network',
    pause: !hasBegun,
  });
  const refetch = () => execute({ requestPolicy: 'network-only' });
  const [shown, setShown] = useState(data);
  const mayShow = shown === undefined || !isPaused;
  if (mayShow && data !== undefined && data !== shown) setShown(data);

  useRefetchAfterEvents({
    refetchOn: (event) => refetchOn(event, shown),
    refetchMs,
    refetch,
    isPaused,
  });
  useRefetchAfterLoss({ refetch, hasFailed: error !== undefined });
  useRefetchWhileFailing({ refetch, error, isFetching: fetching });

  return {
    data: shown,
    // It stays while it is asked again: what comes and goes every few seconds nobody can read.
    failure: error === undefined ? null : failureOf(error),
    isFetching: fetching,
    retry: refetch,
  };
}

function useRefetchAfterEvents(options: {
  refetchOn: (event: StreamEvent) => boolean;
  refetchMs: number;
  refetch: () => void;
  isPaused: boolean;
}) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isMissed = useRef(false);
  const { isPaused, refetchMs, refetchOn } = options;
  const refetch = useEffectEvent(options.refetch);

  useStreamEvents((events) => {
    if (timer.current !== undefined || !events.some(refetchOn)) return;
    isMissed.current = isPaused;
    if (isPaused) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      refetch();
    }, refetchMs);
  });

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (isPaused || !isMissed.current) return;
    isMissed.current = false;
    refetch();
  }, [isPaused]);
}

function useRefetchAfterLoss(options: { refetch: () => void; hasFailed: boolean }) {
  const generation = useStream((stream) => stream.generation);
  const connectionCount = useStream((stream) => stream.connectionCount);
  const seen = useRef({ generation, connectionCount });

  const look = useEffectEvent(() => {
    const isGap = seen.current.generation !== generation;
    const isBack = seen.current.connectionCount !== connectionCount && options.hasFailed;
    seen.current = { generation, connectionCount };
    if (isGap || isBack) options.refetch();
  });

  useEffect(() => look(), [generation, connectionCount]);
}

const firstAgainMs = 1_000;
const againMsMax = 15_000;

/** The line may be fine and the answers not: a failed query asks again by itself until it is answered. */
export function useRefetchWhileFailing(options: {
  refetch: () => void;
  error: CombinedError | undefined;
  isFetching: boolean;
}) {
  const failures = useRef(0);
  const { error, isFetching } = options;
  const refetch = useEffectEvent(options.refetch);

  useEffect(() => {
    if (isFetching) return undefined;
    if (error === undefined || !mayPass(error)) {
      failures.current = 0;
      return undefined;
    }
    const waitMs = Math.min(firstAgainMs * 2 ** failures.current, againMsMax);
    failures.current += 1;
    const timer = setTimeout(() => refetch(), waitMs);
    return () => clearTimeout(timer);
  }, [error, isFetching]);
}
