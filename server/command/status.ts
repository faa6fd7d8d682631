import { z } from 'zod';
import type { Bridge } from './bridge.ts';
import { money } from './control-totals.ts';

const schema = z.object({
  systemHealth: z.object({
    build: z.string(),
    state: z.string(),
    components: z.array(
      z.object({ name: z.string(), state: z.string(), detail: z.string().nullable() }),
    ),
  }),
  stats: z.object({
    oldestPendingSeconds: z.int(),
    touchlessRate: z.number().nullable(),
    statusCounts: z.array(z.object({ status: z.string(), count: z.int() })),
    amountInConflict: z.array(money),
    amountDeadLettered: z.array(money),
  }),
});
type Status = z.infer<typeof schema>;

const document = `query Status($range: DateTimeRange!) {
  systemHealth { build state components { name state detail } }
  stats(range: $range) { oldestPendingSeconds touchlessRate statusCounts { status count }
    amountInConflict { amount currency } amountDeadLettered { amount currency } } }`;

const dayMs = 86_400_000;

/** Whether everything is across and what waits; anything but OK is a 1, so that a script can ask. */
export async function status(bridge: Bridge, now: number): Promise<Status> {
  const range = { from: new Date(now - dayMs).toISOString(), to: new Date(now).toISOString() };
  return bridge.ask(document, { range }, schema);
}

/** For people. */
export function statusText({ systemHealth, stats }: Status): string {
  const sums = (list: Status['stats']['amountInConflict']) =>
    list.map(({ amount, currency }) => `${amount} ${currency}`).join(', ');
  const counts = stats.statusCounts.filter(({ count }) => count > 0);
  const held = [
    ['in conflict', sums(stats.amountInConflict)],
    ['in dead letters', sums(stats.amountDeadLettered)],
  ].filter(([, sum]) => sum !== '');
  return [
    `${systemHealth.state}  (build ${systemHealth.build})`,
    ...systemHealth.components
      .filter(({ state }) => state !== 'OK')
      .map(
        ({ name, state, detail }) => `  ${name}: ${state}${detail === null ? '' : `, ${detail}`}`,
      ),
    `Invoices: ${counts.map(({ status: name, count }) => `${count} ${name}`).join(', ') || 'none'}`,
    `Oldest waiting change: ${stats.oldestPendingSeconds} s`,
    ...held.map(([what, sum]) => `Money ${what}: ${sum}`),
  ].join('\n');
}
