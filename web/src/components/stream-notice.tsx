import { useEffect, useEffectEvent } from 'react';
import { announce } from '../announcements.ts';
import { formatCount } from '../format/money.ts';
import { describeFreshness } from '../stream/freshness.ts';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';

const newsMs = 6_000;

const refreshed = 'You were away too long to replay; refreshed.';

/** The one banner about the stream: reconnecting, caught up, or refreshed after a gap. */
export function StreamNotice() {
  const store = useStreamStore();
  const caughtUpCount = useStream((stream) => stream.caughtUpCount);
  const gapReason = useStream((stream) => stream.gapReason);
  const lost = useLostSentence();

  useEffect(() => {
    if (caughtUpCount === null) return undefined;
    const timer = setTimeout(() => store.dismissNotice(), newsMs);
    return () => clearTimeout(timer);
  }, [caughtUpCount, store]);

  const noun = caughtUpCount === 1 ? 'event' : 'events';
  const caughtUp =
    caughtUpCount === null ? null : `Caught up, ${formatCount(caughtUpCount)} ${noun}.`;
  const news = lost ?? (gapReason === null ? caughtUp : `${refreshed} ${gapReason}`);
  // The time in the first of them moves on; that it began is the news.
  const told = lost === null ? news : 'lost';
  const tell = useEffectEvent(() => news !== null && announce(news));
  useEffect(() => void tell(), [told]);

  if (lost !== null) return <Bar tone="us">{lost}</Bar>;
  if (gapReason !== null) {
    return (
      <Bar tone="us">
        {refreshed} {gapReason}{' '}
        <Button kind="quiet" onClick={() => store.dismissNotice()}>
          Dismiss
        </Button>
      </Bar>
    );
  }
  return caughtUp === null ? null : <Bar tone="done">{caughtUp}</Bar>;
}

function useLostSentence(): string | null {
  const connection = useStream((stream) => stream.connection);
  const lostForLong = useStream((stream) => stream.lostForLong);
  const completeUntil = useStream((stream) => stream.completeUntil);
  if (connection === 'open' || !lostForLong) return null;
  const { detail } = describeFreshness({
    connection: 'lost',
    lostForLong,
    backlog: 0,
    completeUntil,
  });
  const rest = detail === '' ? '' : `, ${detail}`;
  return connection === 'offline'
    ? `You are offline${rest}. What was read before stays readable; settling, replaying and every other write wait until you are back.`
    : `Reconnecting${rest}. Nothing is lost: the stream goes on where it stopped.`;
}

const looks = { us: 'bg-us-soft text-us', done: 'bg-done-soft text-done' };

type BarProps = { readonly tone: keyof typeof looks; readonly children: React.ReactNode };

function Bar({ tone, children }: BarProps) {
  return (
    <section
      aria-label="How current this page is"
      data-stream-notice
      className={`border-b border-line px-4 py-1.5 text-[0.8125rem] md:px-6 ${looks[tone]}`}
    >
      {children}
    </section>
  );
}
