import type { Spread } from './rounds.ts';
import { shown, type Figure, type Row } from './row.ts';

/** What a row came to: its figures, or why there are none. */
export type Measured = {
  readonly row: Row;
  readonly figures: readonly Figure[];
  readonly failure: string | null;
  readonly seconds: number;
};

/** The verdict on a figure in one word. */
function verdict({ goal, value }: Figure): string {
  if (value === null) return 'not measured';
  if (goal === null) return 'no goal';
  return goal.isMet(value.median) ? 'met' : 'missed';
}

/** Median, and beside it the range where there is one. */
function valueOf(value: Spread | null, unit: string): string {
  if (value === null) return '–';
  const { median, min, max } = value;
  const range = min === max ? '' : ` (${shown(min)}–${shown(max)})`;
  return `${shown(median)}${unit === '' ? '' : ` ${unit}`}${range}`;
}

/** By number as the goals are listed, whatever ran first. */
const inOrder = (all: readonly Measured[]): readonly Measured[] =>
  all.toSorted((one, other) =>
    one.row.number.localeCompare(other.row.number, 'en', { numeric: true }),
  );

/** All figures as a table. */
export const table = (all: readonly Measured[]): string =>
  [
    '| # | measured | goal | figure: median (least–most) | verdict | from |',
    '| --- | --- | --- | --- | --- | --- |',
    ...inOrder(all).flatMap(({ row, figures, failure }) =>
      failure === null
        ? figures.map((figure) => lineOf(row, figure))
        : [`| ${row.number} | ${row.title} | | – | not measured | ${cell(failure)} |`],
    ),
  ].join('\n');

function lineOf({ number }: Row, figure: Figure): string {
  const { what, goal, value, unit, detail } = figure;
  const said = verdict(figure);
  const told = said === 'missed' ? '**missed**' : said;
  const cells = [number, what, goal?.text ?? 'none', valueOf(value, unit), told, detail];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The page of results. `reasons` holds, by row, what is known about a goal that was missed. */
export function page(
  all: readonly Measured[],
  setting: { readonly machine: readonly string[]; readonly postgres: readonly string[] },
  reasons: Readonly<Record<string, string>>,
  when: Date,
): string {
  const seconds = all.reduce((sum, one) => sum + one.seconds, 0);
  return `# Performance: what was measured

Written by \`npm run bench\` on ${when.toISOString().slice(0, 10)}; do not edit it by hand. \`npm run bench <name>\` runs one row. Every ratio is
taken in one run: both halves take turns, five rounds, and the figure is the median of the rounds' ratios with the least and the most.
Each peer runs in the same program on the same PostgreSQL, set as described under "How". Nothing here is asserted in tests; counts that do not
depend on the machine are. What grows with what is in [scaling.md](scaling.md).

- Machine: ${setting.machine.join('; ')}
- PostgreSQL: ${setting.postgres.join(', ')}; as the product ships it, on the same two cores as everything else
- The whole run took ${Math.round(seconds)} s

${table(all)}

${missedPart(all, reasons)}## How

${inOrder(all)
  .map(({ row }) => `**${row.number} · \`${row.name}\` · ${row.title}.** ${row.method}`)
  .join('\n\n')}
`;
}

function missedPart(all: readonly Measured[], reasons: Readonly<Record<string, string>>): string {
  const missed = inOrder(all).filter(
    ({ figures, failure }) =>
      failure !== null ||
      figures.some((figure) => ['missed', 'not measured'].includes(verdict(figure))),
  );
  if (missed.length === 0) return '';
  const parts = missed.map(({ row }) => {
    const reason = reasons[row.number] ?? 'No reason is on record yet.';
    return `**${row.number} · ${row.title}.** ${reason}`;
  });
  return `## What is missed, and why\n\n${parts.join('\n\n')}\n\n`;
}
