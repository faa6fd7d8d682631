import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { useId } from 'react';
import type { Throughput } from '../throughput.ts';
import { formatTime } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { useWidth } from '../ui/use-width.ts';

const series = ['toQuickbooks', 'toInternal', 'conflicts', 'deadLetters'] as const;

type Series = (typeof series)[number];

const seriesOf = {
  toQuickbooks: {
    label: 'Settled to QuickBooks',
    fill: 'fill-quickbooks',
    swatch: 'bg-quickbooks',
  },
  toInternal: { label: 'Settled to internal', fill: 'fill-internal', swatch: 'bg-internal' },
  conflicts: { label: 'Conflicts', fill: 'fill-us', swatch: 'bg-us' },
  deadLetters: { label: 'Dead letters', fill: 'fill-you', swatch: 'bg-you' },
} satisfies Record<Series, { label: string; fill: string; swatch: string }>;

const height = 236;
const margin = { top: 8, right: 4, bottom: 22, left: 34 };

const hourOf = (instant: string) => formatTime(instant).slice(0, 5);

/** The chart in a sentence, for whoever does not see it. */
function throughputSentence(points: readonly Throughput[]): string {
  const sum = (name: Series) => points.reduce((total, point) => total + point[name], 0);
  return series.map((name) => `${seriesOf[name].label}: ${formatCount(sum(name))}`).join('. ');
}

type ThroughputViewProps = {
  readonly points: readonly Throughput[];
  readonly isTable: boolean;
};

/** Crossings by hour, as a chart or as the same numbers in a table. */
export function ThroughputView({ points, isTable }: ThroughputViewProps) {
  if (isTable) return <ThroughputTable points={points} />;
  return (
    <>
      <ThroughputChart points={points} />
      <ThroughputLegend />
    </>
  );
}

/** Crossings of the last day by hour, as stacked bars. */
function ThroughputChart({ points }: { readonly points: readonly Throughput[] }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const titleId = useId();
  return (
    <div ref={ref} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-labelledby={titleId}>
          <title id={titleId}>{throughputSentence(points)}</title>
          <Bars points={points} width={width} />
        </svg>
      )}
    </div>
  );
}

function Bars({
  points,
  width,
}: {
  readonly points: readonly Throughput[];
  readonly width: number;
}) {
  const totals = points.map((point) => series.reduce((sum, name) => sum + point[name], 0));
  const x = scaleBand()
    .domain(points.map(({ at }) => at))
    .range([margin.left, width - margin.right])
    .padding(0.28);
  const y = scaleLinear()
    .domain([0, Math.max(4, ...totals)])
    .nice(4)
    .range([height - margin.bottom, margin.top]);
  const layers = stack<Throughput, Series>().keys(series)([...points]);
  const labelEvery = width < 520 ? 6 : 3;

  return (
    <>
      {y.ticks(3).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={margin.left} x2={width - margin.right} className="stroke-line" />
          <text
            x={margin.left - 8}
            dy="0.32em"
            textAnchor="end"
            className="fill-ink-soft text-[0.6875rem]"
          >
            {formatCount(tick)}
          </text>
        </g>
      ))}
      {layers.map((layer) => (
        <g key={layer.key} className={seriesOf[layer.key].fill}>
          {layer.map(([low, high], index) => {
            const at = points[index]?.at ?? '';
            const top = y(high);
            return (
              <rect
                key={at}
                x={x(at)}
                y={top}
                width={x.bandwidth()}
                height={Math.max(y(low) - top, 0)}
                rx={1}
              />
            );
          })}
        </g>
      ))}
      {points.map(({ at }, index) =>
        index % labelEvery === 0 ? (
          <text
            key={at}
            x={(x(at) ?? 0) + x.bandwidth() / 2}
            y={height - 6}
            textAnchor="middle"
            className="fill-ink-soft text-[0.6875rem]"
          >
            {hourOf(at)}
          </text>
        ) : null,
      )}
    </>
  );
}

/** What the colours mean. */
function ThroughputLegend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
      {series.map((name) => (
        <li key={name} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2 rounded-xs ${seriesOf[name].swatch}`} />
          {seriesOf[name].label}
        </li>
      ))}
    </ul>
  );
}

/** The same numbers as a table. */
function ThroughputTable({ points }: { readonly points: readonly Throughput[] }) {
  return (
    <div
      className="max-h-56 overflow-auto"
      tabIndex={0}
      role="region"
      aria-label="Crossings by hour"
    >
      <table className="w-full text-right text-[0.8125rem]">
        <caption className="sr-only">Crossings by hour</caption>
        <thead className="sticky top-0 bg-surface text-xs text-ink-soft">
          <tr>
            <th scope="col" className="py-1 text-left font-medium">
              Hour
            </th>
            {series.map((name) => (
              <th key={name} scope="col" className="py-1 pl-3 font-medium">
                {seriesOf[name].label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {hourOf(point.at)}
              </th>
              {series.map((name) => (
                <td key={name} className="py-1 pl-3">
                  {formatCount(point[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
