import { liveThrough, type HistoryReport } from './history.ts';

/** What many histories came to. */
export type RunResult = {
  from: number;
  /** What the histories were lived through on; absent where nobody keeps them. */
  commit?: string;
  histories: number;
  processorMs: number;
  faults: Record<string, number>;
  deaths: number;
  peopleActs: number;
  storeCalls: number;
  settledInMsMax: number;
  seen: Record<string, number>;
  broken: { seed: string; broken: readonly string[] }[];
};

const emptyRun = (from: number): RunResult => ({
  from,
  histories: 0,
  processorMs: 0,
  faults: {},
  deaths: 0,
  peopleActs: 0,
  storeCalls: 0,
  settledInMsMax: 0,
  seen: {},
  broken: [],
});

export const seedOf = (place: number): string => `m${place}`;

/** Adds a history to what was so far. */
function addTo(run: RunResult, history: HistoryReport): void {
  run.histories += 1;
  for (const [what, count] of history.faults) run.faults[what] = (run.faults[what] ?? 0) + count;
  for (const [what, count] of history.world.rows.seen)
    run.seen[what] = (run.seen[what] ?? 0) + count;
  run.deaths += history.deaths.length;
  run.peopleActs += history.told.length;
  run.storeCalls += history.world.events;
  run.settledInMsMax = Math.max(run.settledInMsMax, history.settledInMs);
  if (history.broken.length > 0) run.broken.push({ seed: history.seed, broken: history.broken });
}

type Run = {
  /** Goes on with what was so far, instead of from the start. */
  readonly soFar?: RunResult | null;
  readonly isOver?: (run: RunResult) => boolean;
};

/** Lives through histories one after the other until `isOver`, or `count` of them. */
export async function runHistories(
  from: number,
  count: number,
  { soFar = null, isOver = () => false }: Run = {},
): Promise<RunResult> {
  const run = soFar ?? emptyRun(from);
  const before = process.cpuUsage();
  const earlierMs = run.processorMs;
  for (let place = from + run.histories; place < from + count && !isOver(run); place += 1) {
    addTo(run, await liveThrough(seedOf(place)));
    const { user, system } = process.cpuUsage(before);
    run.processorMs = earlierMs + Math.round((user + system) / 1_000);
  }
  return run;
}

/** A history that a person can read, and how to live through it again. */
export const storyOf = ({ seed, weather, deaths, told, broken }: HistoryReport): string =>
  [
    `npm run converge -- --memory ${seed}`,
    ...broken.map((what) => `  broken: ${what}`),
    `  weather: ${weather.join(', ') || 'fair'}`,
    ...told.map((deed) => `  ${deed}`),
    ...deaths.map((death) => `  a worker died after: it ${death}`),
  ].join('\n');
