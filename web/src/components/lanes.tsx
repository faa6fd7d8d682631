import { useEffect } from 'react';
import { layoutLane } from '../crossing/lanes.ts';
import type { Lane, LaneToken } from '../crossing/lanes.ts';
import type { Direction } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { directionLabels, stageLabels } from '../state-labels.ts';
import { lingerMs } from '../stream/crossings.ts';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { useWidth } from '../ui/use-width.ts';
import { AppLink, useCompanyId } from './app-link.tsx';

/** Both directions with the invoices on their way. A picture only: the tail and the lists say the same in words. */
export function Lanes() {
  const crossings = useMyCrossings();
  return (
    <div aria-hidden="true" className="select-none">
      <div className="flex justify-between text-xs font-medium">
        <span className="text-internal">Internal</span>
        <span className="text-quickbooks">QuickBooks</span>
      </div>
      <LaneRow direction="TO_QUICKBOOKS" lane={layoutLane(crossings, 'TO_QUICKBOOKS')} />
      <LaneRow direction="TO_INTERNAL" lane={layoutLane(crossings, 'TO_INTERNAL')} />
    </div>
  );
}

/** What is on its way in the company in view; what has just ended lingers. */
function useMyCrossings() {
  const store = useStreamStore();
  const companyId = useCompanyId();
  const crossings = useStream((stream) => stream.crossings);

  useEffect(() => {
    if (![...crossings.values()].some(({ endedMs }) => endedMs !== null)) return undefined;
    const timer = setTimeout(() => store.refresh(), lingerMs);
    return () => clearTimeout(timer);
  }, [crossings, store]);

  return [...crossings.values()].filter(
    (crossing) => companyId === undefined || crossing.companyId === companyId,
  );
}

/** Wide lanes name their tokens; in narrow ones a name would cover its neighbours, so there a token is a dot. */
const named = {
  width: 92,
  rowHeight: 26,
  look: 'px-2 text-center text-xs leading-5 font-medium truncate border',
};
const plain = { width: 12, rowHeight: 16, look: 'h-3 border-2' };
const namedWidthMin = 760;

type LaneRowProps = { readonly direction: Direction; readonly lane: Lane };

function LaneRow({ direction, lane }: LaneRowProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const shape = width >= namedWidthMin ? named : plain;
  const rows = Math.max(1, ...lane.tokens.map(({ slot }) => slot + 1));
  const isToQuickbooks = direction === 'TO_QUICKBOOKS';
  return (
    <div ref={ref} className="relative mt-1 pb-2.5" style={{ height: rows * shape.rowHeight + 16 }}>
      <div
        className={`absolute inset-x-0 bottom-2 h-1 rounded-full opacity-80 ${
          isToQuickbooks
            ? 'bg-linear-to-r from-internal to-quickbooks'
            : 'bg-linear-to-l from-quickbooks to-internal'
        }`}
      />
      {width > 0 &&
        lane.tokens.map((token) => (
          <Token
            key={token.crossing.eventId}
            token={token}
            shape={shape}
            width={width}
            isMirrored={!isToQuickbooks}
          />
        ))}
      <span
        className={`absolute -bottom-2.5 text-[0.6875rem] text-ink-soft ${isToQuickbooks ? 'right-0' : 'left-0'}`}
      >
        {directionLabels[direction].arrow} {directionLabels[direction].within}
        {lane.moreCount > 0 && ` · ${lane.moreCount} more`}
      </span>
    </div>
  );
}

const dotLook = {
  moving: 'border-surface bg-ink',
  done: 'border-surface bg-line-strong',
  quiet: 'border-surface bg-line-strong',
  'waiting-on-us': 'border-surface bg-us',
  'waiting-on-you': 'border-surface bg-you',
};

const pillLook = {
  moving: 'border-line-strong/60 bg-surface text-ink',
  done: 'border-line bg-done-soft text-done',
  quiet: 'border-line bg-done-soft text-done',
  'waiting-on-us': 'border-us bg-us-soft text-us',
  'waiting-on-you': 'border-you bg-you-soft text-you',
};

type TokenProps = {
  readonly token: LaneToken;
  readonly shape: typeof named;
  readonly width: number;
  readonly isMirrored: boolean;
};

function Token({ token, shape, width, isMirrored }: TokenProps) {
  const { crossing, share, slot } = token;
  const across = isMirrored ? 1 - share : share;
  const x = across * (width - shape.width);
  const { label, tone } = stageLabels[crossing.stage];
  const look = `token absolute bottom-3.5 left-0 rounded-full ${shape.look} ${(shape === named ? pillLook : dotLook)[tone]}`;
  const style = {
    width: shape.width,
    transform: `translate(${x}px, ${-slot * shape.rowHeight}px)`,
  };
  const name = crossing.invoiceNumber ?? 'New';
  const face = shape === named ? name : null;
  if (crossing.invoiceId === null) {
    return (
      <span className={look} style={style} title={label}>
        {face}
      </span>
    );
  }
  return (
    <AppLink
      tabIndex={-1}
      href={paths.invoice(crossing.invoiceId, { tab: 'crossing' })}
      className={look}
      style={style}
      title={`${name}: ${label}`}
    >
      {face}
    </AppLink>
  );
}
