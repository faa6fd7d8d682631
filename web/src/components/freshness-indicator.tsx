import { describeFreshness } from '../stream/freshness.ts';
import { useStream } from '../stream/stream-context.tsx';

const dots = {
  connecting: 'bg-line-strong',
  live: 'bg-ink',
  'catching-up': 'bg-us pulse',
  reconnecting: 'bg-us pulse',
  offline: 'bg-you',
};

/** Honest freshness: only "Live" says that nothing is missing, and up to when. */
export function FreshnessIndicator() {
  const connection = useStream((stream) => stream.connection);
  const lostForLong = useStream((stream) => stream.lostForLong);
  const backlog = useStream((stream) => stream.backlog);
  const completeUntil = useStream((stream) => stream.completeUntil);
  const { kind, label, detail } = describeFreshness({
    connection,
    lostForLong,
    backlog,
    completeUntil,
  });
  return (
    <p data-freshness={kind} className="flex min-w-0 items-center gap-2 text-[0.8125rem]">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[kind]}`} />
      <span className="font-medium">{label}</span>
      {detail && (
        <span className="hidden whitespace-nowrap text-ink-soft sm:inline">· {detail}</span>
      )}
    </p>
  );
}
