import { useId } from 'react';
import type { Direction } from '../graphql/generated/graphql.ts';
import { branchPath, geometryOf, insideX, level, tokenPoint } from '../crossing/geometry.ts';
import type { Geometry } from '../crossing/geometry.ts';
import type { CrossingLayout, Pier } from '../crossing/layout.ts';
import { isSlow } from '../crossing/usual-times.ts';
import type { UsualTime, UsualTimes } from '../crossing/usual-times.ts';
import { formatDuration } from '../format/date.ts';
import { stageLabels } from '../state-labels.ts';
import { useWidth } from '../ui/use-width.ts';

type CrossingDrawingProps = {
  readonly layout: CrossingLayout;
  readonly direction: Direction;
  readonly usual: UsualTimes;
  /** What stands over the token, for example "Waiting bay · next try in 12 s". */
  readonly caption: string;
  /** Milliseconds on the present pier so far; null when nothing is under way. */
  readonly hereMs: number | null;
};

/** Under this width the piers are drawn without their names; the list below carries them. */
const namedWidthMin = 720;

/** The bridge with the change on it. A picture of the ordered list below it, and hidden from readers. */
export function CrossingDrawing(props: CrossingDrawingProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const isNamed = width >= namedWidthMin;
  const height = isNamed ? 204 : 148;
  return (
    <div ref={ref} aria-hidden="true" className="min-w-0 flex-1" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} className="block overflow-visible">
          <Bridge {...props} geometry={geometryOf(width, props.direction)} isNamed={isNamed} />
        </svg>
      )}
    </div>
  );
}

type BridgeProps = CrossingDrawingProps & {
  readonly geometry: Geometry;
  readonly isNamed: boolean;
};

function Bridge({ layout, geometry, usual, caption, hereMs, isNamed }: BridgeProps) {
  return (
    <>
      <Deck geometry={geometry} layout={layout} />
      {layout.piers.map((pier, index) => (
        <g key={pier.stage} transform={`translate(${geometry.pierX(index)} 0)`}>
          <PierPost pier={pier} />
          {isNamed && <PierName pier={pier} usual={usual} hereMs={hereMs} />}
        </g>
      ))}
      <Place layout={layout} geometry={geometry} />
      <Token layout={layout} geometry={geometry} caption={caption} />
    </>
  );
}

/** A viaduct: arches between the piers, and a deck that takes on the hue of the side it comes to. */
function Deck({
  geometry,
  layout,
}: {
  readonly geometry: Geometry;
  readonly layout: CrossingLayout;
}) {
  const gradientId = useId();
  const { pierX, width, sign } = geometry;
  const arches = layout.piers.slice(1).map(({ stage }, index) => {
    const [from, to] = [pierX(index), pierX(index + 1)].toSorted((a, b) => a - b);
    const span = (to ?? 0) - (from ?? 0);
    const path = `M ${from} ${level.ground - 12} V ${level.spring + 16} A ${span / 2} 14 0 0 1 ${to} ${level.spring + 16}`;
    return <path key={stage} d={path} className="fill-none stroke-line" strokeWidth="1.5" />;
  });
  const start = sign === 1 ? 0 : width;
  const head = layout.tokenIndex < 0 ? start : pierX(layout.tokenIndex);
  const end = layout.piers.at(-1)?.state === 'passed' ? width - start : head;
  return (
    <>
      <defs>
        <linearGradient id={gradientId} gradientUnits="userSpaceOnUse" x1="0" x2={width}>
          <stop offset="0" className="[stop-color:var(--color-internal)]" />
          <stop offset="1" className="[stop-color:var(--color-quickbooks)]" />
        </linearGradient>
      </defs>
      {arches}
      <rect x="0" y={level.deck - 2} width={width} height="4" rx="2" className="fill-line" />
      <rect
        x={Math.min(start, end)}
        y={level.deck - 2}
        width={Math.abs(end - start)}
        height="4"
        rx="2"
        fill={`url(#${gradientId})`}
        className="transition-all duration-200"
      />
    </>
  );
}

const posts = {
  passed: 'fill-ink stroke-ink',
  here: 'fill-surface stroke-ink',
  ahead: 'fill-surface stroke-line-strong',
  jumped: 'fill-surface stroke-line-strong',
} satisfies Record<Pier['state'], string>;

function PierPost({ pier }: { readonly pier: Pier }) {
  return (
    <>
      <line y1={level.deck} y2={level.ground} className="stroke-line" strokeWidth="3" />
      <line
        x1="-7"
        x2="7"
        y1={level.ground}
        y2={level.ground}
        className="stroke-line"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle
        cy={level.deck}
        r={pier.state === 'jumped' ? 3 : 4.5}
        strokeWidth="2"
        strokeDasharray={pier.state === 'jumped' ? '2 2' : undefined}
        className={`transition-colors duration-200 ${posts[pier.state]}`}
      />
    </>
  );
}

type PierNameProps = {
  readonly pier: Pier;
  readonly usual: UsualTimes;
  readonly hereMs: number | null;
};

function PierName({ pier, usual, hereMs }: PierNameProps) {
  const usualHere = usual.get(pier.stage);
  const spentMs = pier.mark?.durationMs ?? (pier.state === 'here' ? hereMs : null);
  const isShown = pier.state === 'here' || pier.state === 'passed';
  const slow = isShown && spentMs !== null && isSlow(spentMs, usualHere);
  return (
    <g textAnchor="middle" className="text-xs">
      <text y={level.ground + 18} className={isShown ? 'fill-ink font-medium' : 'fill-ink-soft'}>
        {stageLabels[pier.stage].label}
      </text>
      <text y={level.ground + 34} className={slow ? 'fill-us font-medium' : 'fill-ink'}>
        {isShown && spentMs !== null ? formatDuration(spentMs) : ''}
      </text>
      <text className={`text-[0.6875rem] ${slow ? 'fill-us' : 'fill-ink-soft'}`}>
        {(slow ? ['slower', 'than usual'] : usualWords(usualHere)).map((line, index) => (
          <tspan key={line} x="0" y={level.ground + 49 + index * 13}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  );
}

function usualWords(usual: UsualTime | undefined): string[] {
  return usual === undefined ? [] : [`usual ${formatDuration(usual.medianMs)}`];
}

/** Exits are places, not colours: a bay to wait in, a gate, a siding with a buffer, a turn back. */
function Place({
  layout,
  geometry,
}: {
  readonly layout: CrossingLayout;
  readonly geometry: Geometry;
}) {
  const { exit, isUncertain } = layout;
  if (isUncertain || exit === null) return null;
  const x = geometry.pierX(exit.fromIndex);
  if (exit.stage === 'HELD') {
    const gateX = x + geometry.sign * 18;
    return (
      <g className="arrive stroke-you" strokeWidth="3" strokeLinecap="round">
        <line x1={gateX} x2={gateX} y1={level.gate} y2={level.deck + 8} />
        <line x1={gateX - 9} x2={gateX + 9} y1={level.gate} y2={level.gate} />
      </g>
    );
  }
  const { path, end } = branchPath(geometry, exit.fromIndex);
  const hue = {
    RETRY_SCHEDULED: 'stroke-us',
    DEAD_LETTERED: 'stroke-you',
    SKIPPED: 'stroke-line-strong',
  }[exit.stage];
  return (
    <g className={`fill-none ${hue}`} strokeWidth="3" strokeLinecap="round">
      <path d={path} strokeDasharray={exit.stage === 'SKIPPED' ? '1 6' : undefined} />
      {exit.stage === 'DEAD_LETTERED' && (
        <line x1={end.x} x2={end.x} y1={end.y - 9} y2={end.y + 9} />
      )}
      {exit.stage === 'RETRY_SCHEDULED' && <circle cx={end.x} cy={end.y} r="4" />}
    </g>
  );
}

type TokenProps = {
  readonly layout: CrossingLayout;
  readonly geometry: Geometry;
  readonly caption: string;
};

const tokenFill = {
  done: 'fill-done',
  moving: 'fill-ink',
  quiet: 'fill-done',
  'waiting-on-us': 'fill-us',
  'waiting-on-you': 'fill-you',
};

const captionCharacterWidth = 6.6;

function Token({ layout, geometry, caption }: TokenProps) {
  const { x, y } = tokenPoint(geometry, layout);
  const stage =
    layout.exit?.stage ?? layout.piers[Math.max(layout.tokenIndex, 0)]?.stage ?? 'DETECTED';
  const tone = layout.isUncertain ? 'waiting-on-us' : stageLabels[stage].tone;
  const captionX = insideX(geometry, x, caption.length * captionCharacterWidth);
  return (
    <>
      <text
        x={captionX}
        y={layout.exit?.stage === 'HELD' ? level.gate - 10 : y - 16}
        textAnchor="middle"
        className="fill-ink text-xs font-medium"
      >
        {caption}
      </text>
      <g className="token" style={{ transform: `translate(${x}px, ${y}px)` }}>
        {layout.isUncertain && (
          <circle
            r="12"
            className="pulse fill-none stroke-us"
            strokeWidth="1.5"
            strokeDasharray="3 3"
          />
        )}
        <circle r="9" className="fill-surface" />
        <circle r="7" className={tokenFill[tone]} />
      </g>
    </>
  );
}
