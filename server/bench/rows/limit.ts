import { trafficOf } from '../harness/virtual-company.ts';
import { certain } from '../harness/rounds.ts';
import { atLeast, atMost, shown, type Figure, type Row } from '../harness/row.ts';

const minutes = 10;
const latencyMs = 300;
const waiting = 1_000;
const allowed = { perMinute: 500, perSecond: 10 } as const;

/** Most calls within any stretch of so long. */
function mostWithin(times: readonly number[], spanMs: number): number {
  let first = 0;
  let most = 0;
  for (const [place, at] of times.entries()) {
    while ((times[first] ?? at) <= at - spanMs) first += 1;
    most = Math.max(most, place - first + 1);
  }
  return most;
}

export const limit: Row = {
  number: '1',
  name: 'limit',
  title: 'How much of QuickBooks’ limit one company uses',
  method: `The engine as it is over rows, books and a network in memory, where ${minutes} minutes of virtual time pass in seconds: the same world the proofs run in. Every QuickBooks call takes ${latencyMs} ms, ${shown(waiting)} new invoices always wait. Writes that arrived are set against ${allowed.perMinute} calls a minute; an answer of 429 is any call that is one too many in some minute or second.`,
  measure: async (): Promise<readonly Figure[]> => {
    const { calls, writes } = await trafficOf({ forMs: minutes * 60_000, latencyMs, waiting });
    const aMinute = writes.length / minutes;
    const worst = { minute: mostWithin(calls, 60_000), second: mostWithin(calls, 1_000) };
    const tooMany =
      Math.max(0, worst.minute - allowed.perMinute) + Math.max(0, worst.second - allowed.perSecond);
    return [
      {
        what: 'Writes a minute / what the limit allows, single calls',
        goal: atLeast(0.97),
        value: certain(aMinute / allowed.perMinute),
        unit: '',
        detail: `${shown(aMinute)} writes a minute, ${shown(calls.length - writes.length)} other calls in ${minutes} minutes`,
      },
      {
        what: 'Calls beyond the limit, each a 429',
        goal: atMost(0),
        value: certain(tooMany),
        unit: '',
        detail: `at most ${worst.minute} in any minute and ${worst.second} in any second`,
      },
      {
        what: 'Writes a minute / what the limit allows, in batches',
        goal: atLeast(0.9),
        value: null,
        unit: '',
        detail: 'the engine sends no batch requests, so there is nothing to measure',
      },
    ];
  },
};
