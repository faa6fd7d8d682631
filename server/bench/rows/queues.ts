import { openEngine } from '../harness/engine-contender.ts';
import { openGraphileWorker } from '../harness/graphile-peer.ts';
import { openPgBoss } from '../harness/pg-boss-peer.ts';
import { interleaved, ratios, spreadOf } from '../harness/rounds.ts';
import { atLeast, shown, type Figure, type Goal, type Row, type Stage } from '../harness/row.ts';
import { backlogs, type Contender } from '../harness/waiting.ts';

/** One contender's turn in a round. */
const turnMs = 2_000;
const batchSize = 50;

const makers = {
  engine: openEngine,
  standard: (url: string, backlog: number) =>
    openPgBoss(url, { policy: 'standard', backlog, batchSize }),
  fifo: (url: string, backlog: number) =>
    openPgBoss(url, { policy: 'key_strict_fifo', backlog, batchSize }),
  graphile: openGraphileWorker,
} as const;
type Who = keyof typeof makers;
type Size = keyof typeof backlogs;

/** What every contender did at both backlogs, round by round, and how it was set. */
type Race = {
  readonly rates: Readonly<Record<string, readonly number[]>>;
  readonly settings: Readonly<Record<string, string>>;
};

const nameOf = (who: Who, size: Size): string => `${who} ${size}`;

async function race(stage: Stage): Promise<Race> {
  const open: Record<string, Contender> = {};
  try {
    for (const size of ['small', 'large'] as const)
      for (const who of ['engine', 'standard', 'fifo', 'graphile'] as const) {
        const startedAt = performance.now();
        open[nameOf(who, size)] = await makers[who](await stage.database(), backlogs[size]);
        const tookS = (performance.now() - startedAt) / 1_000;
        stage.say(`${who} with ${shown(backlogs[size])} waiting is ready, ${tookS.toFixed(1)} s`);
      }
    const turns = Object.entries(open).map(([name, contender]) => [
      name,
      async () => {
        const rate = await contender.rate(turnMs);
        stage.say(`${name}: ${shown(rate)}/s`);
        return rate;
      },
    ]);
    const rates = await interleaved<string>(Object.fromEntries(turns));
    const settings = Object.entries(open).map(([name, { setting }]) => [name, setting]);
    return { rates, settings: Object.fromEntries(settings) };
  } finally {
    for (const contender of Object.values(open)) await contender.close();
  }
}

let raced: Promise<Race> | null = null;

/** Four rows come from the same rounds. */
const sameRace = (stage: Stage): Promise<Race> => (raced ??= race(stage));

const ratesOf = ({ rates }: Race, who: Who, size: Size): readonly number[] => {
  const found = rates[nameOf(who, size)];
  if (found === undefined) throw new Error(`${nameOf(who, size)} was not raced`);
  return found;
};

function against(outcome: Race, who: Who, size: Size, what: string, goal: Goal): Figure {
  const ours = ratesOf(outcome, 'engine', size);
  const theirs = ratesOf(outcome, who, size);
  const median = (rates: readonly number[]): string => shown(spreadOf(rates).median);
  const setting = outcome.settings[nameOf(who, size)] ?? '';
  return {
    what: `${what}, ${shown(backlogs[size])} waiting`,
    goal,
    value: ratios(ours, theirs),
    unit: '',
    detail: `${median(ours)}/s against ${median(theirs)}/s (${setting})`,
  };
}

const method = `Every contender has its backlog in a database of its own and ${turnMs / 1_000} s a turn; what it worked off is filled up again off the clock. The engine is composed as a worker process is, eight companies at once, four links each, publisher of the stream running; both sides answer at once inside the process, through the real QuickBooks and invoicing adapters. A crossing is everything between a due link and its settled event: claim, observations, attempt, intent committed before the write, settle, each fenced by the lease's epoch, with audit chain and stream events, and the count of each call. Every waiting link holds one event of its own.`;

export const crossings: Row = {
  number: '4',
  name: 'crossings',
  title: 'Engine crossings a second against pg-boss `standard` alone',
  method: `${method} pg-boss fetches 50 and completes 50 with nothing between, on a partitioned queue with supervision off, with 1, 2 or 4 consumers, whichever was fastest.`,
  measure: async (stage) => {
    const outcome = await sameRace(stage);
    const what = 'Crossings a second / pg-boss `standard`';
    return [
      against(outcome, 'standard', 'small', what, atLeast(0.6)),
      against(outcome, 'standard', 'large', what, atLeast(0.6)),
    ];
  },
};

export const ordered: Row = {
  number: '5',
  name: 'ordered',
  title: 'The same against pg-boss `key_strict_fifo`, which keeps order as we do',
  method:
    'From the rounds of row 4. The 100,000 jobs have 2,000 keys, which suits pg-boss; our 100,000 waiting links are 100,000 keys.',
  measure: async (stage) => {
    const outcome = await sameRace(stage);
    const what = 'Crossings a second / pg-boss `key_strict_fifo`';
    return [
      against(outcome, 'fifo', 'small', what, atLeast(2)),
      against(outcome, 'fifo', 'large', what, atLeast(4)),
    ];
  },
};

export const backlog: Row = {
  number: '6',
  name: 'backlog',
  title: 'Rate at 100,000 waiting links against rate at 2,000',
  method: 'From the rounds of row 4.',
  measure: async (stage) => {
    const outcome = await sameRace(stage);
    const large = ratesOf(outcome, 'engine', 'large');
    const small = ratesOf(outcome, 'engine', 'small');
    return [
      {
        what: 'Crossings a second with 100,000 waiting / with 2,000',
        goal: atLeast(0.6),
        value: ratios(large, small),
        unit: '',
        detail: `${shown(spreadOf(large).median)}/s against ${shown(spreadOf(small).median)}/s`,
      },
    ];
  },
};

export const graphile: Row = {
  number: '7',
  name: 'graphile',
  title: 'The same against graphile-worker with named queues',
  method:
    'From the rounds of row 4. graphile-worker 0.18 with 2,000 named queues, a local queue of 500, batched completions and 24 jobs at once that do nothing. The promises differ: a named queue runs one job at a time but goes on past one that failed, jobs in its local queue are locked for up to 4 hours when the process dies, and nothing is written down but that the job is gone; the engine keeps the order of an invoice across failures, gives a dead worker’s links to another within the lease, and keeps intent, decision, audit and stream.',
  measure: async (stage) => {
    const outcome = await sameRace(stage);
    const what = 'Crossings a second / graphile-worker';
    return [
      against(outcome, 'graphile', 'small', what, atLeast(0.5)),
      against(outcome, 'graphile', 'large', what, atLeast(0.5)),
    ];
  },
};
