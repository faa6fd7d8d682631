import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';
import { DateTimeRangeInput } from './ranges.ts';
import { StatsRef, type StatsShape } from './stats.ts';
import { untilReturned } from './until-returned.ts';

const dayMs = 86_400_000;
const windowSecondsMax = 31 * 86_400;

builder.queryField('stats', (t) =>
  t.field({
    type: StatsRef,
    description: 'Numbers for a range.',
    args: {
      range: t.arg({ type: DateTimeRangeInput, required: true, description: 'Range.' }),
      companyIds: t.arg.idList({ description: 'Only these companies.' }),
    },
    resolve: (_root, { range, companyIds }, context) => {
      const to = range.to ?? new Date(context.clock.now());
      const from = range.from ?? new Date(to.getTime() - dayMs);
      if (from >= to) throw badInput('The range must begin before it ends.');
      return { from, to, companyIds: companyIds ?? null };
    },
  }),
);

type Watch = {
  readonly windowSeconds: number;
  readonly companyIds: readonly string[] | null;
  readonly minIntervalMs: number;
};

/** At once, then after each event of the stream, at most once in the given time. */
async function* watchStats(
  context: GraphqlContext,
  { windowSeconds, companyIds, minIntervalMs }: Watch,
  signal: AbortSignal,
): AsyncGenerator<StatsShape, void, undefined> {
  const { stream, clock } = context;
  let shown: bigint | null = null;
  while (!signal.aborted) {
    const rings = stream.bell.rings();
    const { position } = await stream.head();
    if (position !== shown) {
      shown = position;
      const to = new Date(clock.now());
      yield { from: new Date(to.getTime() - windowSeconds * 1000), to, companyIds };
      await clock.wait(minIntervalMs, signal);
    } else {
      await stream.bell.waitPast(rings, 1_000, signal);
    }
  }
}

builder.subscriptionField('stats', (t) =>
  t.field({
    type: StatsRef,
    description:
      'Dashboard numbers, at once and then whenever they change, at most once in the given time.',
    args: {
      windowSeconds: t.arg.int({
        required: true,
        defaultValue: 3600,
        description: 'Length of the sliding range in seconds.',
      }),
      companyIds: t.arg.idList({ description: 'Only these companies.' }),
      minIntervalMs: t.arg.int({
        required: true,
        defaultValue: 1000,
        description: 'Least milliseconds between messages, 250 to 60000.',
      }),
    },
    subscribe: (_root, args, context) => {
      const { windowSeconds, minIntervalMs } = args;
      if (windowSeconds < 1 || windowSeconds > windowSecondsMax) {
        throw badInput(`windowSeconds takes 1 to ${windowSecondsMax}.`);
      }
      if (minIntervalMs < 250 || minIntervalMs > 60_000) {
        throw badInput('minIntervalMs takes 250 to 60000.');
      }
      const watch = { windowSeconds, minIntervalMs, companyIds: args.companyIds ?? null };
      return untilReturned((signal) => watchStats(context, watch, signal));
    },
    resolve: (stats) => stats,
  }),
);
