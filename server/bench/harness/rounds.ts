/** What the rounds came to. */
export type Spread = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
};

export const roundsOf = 5;

/** Median, minimum and maximum. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return {
    median: quantile(sorted, 0.5),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
  };
}

/** A figure that is the same however often it is taken. */
export const certain = (value: number): Spread => ({ median: value, min: value, max: value });

/** The value below which `share` of the sorted values lie, by nearest rank. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  const value = sorted[place];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Runs every contender once, then every contender once more, and so on: what the machine does meanwhile hits all alike. */
export async function interleaved<Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<number>>>,
  rounds = roundsOf,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const taken: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round += 1)
    for (const [name, measure] of Object.entries<() => Promise<number>>(contenders)) {
      const values = (taken[name] ??= []);
      values.push(await measure());
    }
  return resultOf(contenders, taken);
}

function resultOf<Name extends string>(
  contenders: Readonly<Record<Name, unknown>>,
  taken: Readonly<Record<string, readonly number[]>>,
): Readonly<Record<Name, readonly number[]>> {
  const isComplete = (
    found: Readonly<Record<string, readonly number[]>>,
  ): found is Readonly<Record<Name, readonly number[]>> =>
    Object.keys(contenders).every((name) => found[name] !== undefined);
  if (!isComplete(taken)) throw new Error('a contender was not measured');
  return taken;
}

/** Round by round: each value over its neighbour in time. */
export const ratios = (ours: readonly number[], theirs: readonly number[]): Spread =>
  spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));

/** Calls a second that `work` makes in a loop within `forMs`; a first stretch warms up and does not count. */
export function perSecond(work: () => void, forMs: number): number {
  const until = (ms: number): { calls: number; tookMs: number } => {
    const startedAt = performance.now();
    let calls = 0;
    let tookMs = 0;
    for (; tookMs < ms; tookMs = performance.now() - startedAt) {
      work();
      calls += 1;
    }
    return { calls, tookMs };
  };
  until(forMs / 4);
  const { calls, tookMs } = until(forMs);
  return (calls / tookMs) * 1_000;
}
