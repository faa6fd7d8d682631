import { hash } from 'node:crypto';
import type { MemoryRows } from './rows.ts';
import type { MemoryWorld } from './world.ts';

/**
 * Where the world stands once a worker has died, as a digest: all rows, all that either side was made to do, and whether a
 * bell waits. Ids are named by the order in which they appear, and instants by the whole seconds from now: the last ids drawn
 * and some milliseconds are all that differs between two deaths between which nothing was changed. Null while something is
 * still on its way: then two equal digests would say nothing.
 */
export function standing(world: MemoryWorld): string | null {
  const { rows, books, network, news } = world;
  if (!network.isQuiet || !news.isQuiet) return null;
  const made = [
    books.quickbooks.mutations(books.realm).after(),
    books.invoicing.company.mutationsAfter(0),
  ];
  const text = JSON.stringify([world.isBellWaiting, rowsOf(rows), made], plainly);
  return hash('sha256', namedByOrder(text, world.time.nowMs));
}

/** Everything the rows hold but what is counted of them for the tests. */
const rowsOf = (rows: MemoryRows): readonly unknown[] => [
  rows.company,
  rows.lease,
  rows.throttledUntil,
  rows.breaker,
  rows.links,
  rows.events,
  rows.observations,
  rows.attempts,
  rows.intents,
  rows.deadLetters,
  rows.conflicts,
  rows.references,
  rows.payments,
  rows.seenPayments,
  rows.replaced,
  rows.audit,
  rows.watermarks,
  rows.calls,
];

function plainly(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  return value instanceof Map || value instanceof Set ? [...value] : value;
}

const ids = /00000000-0000-7000-8000-[0-9a-f]{12}/g;
const instants = /(?<![\d.-])1[78]\d{11}(?!\d)|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

function namedByOrder(text: string, nowMs: number): string {
  const names = new Map<string, string>();
  return text
    .replaceAll(ids, (id) => {
      const name = names.get(id) ?? `#${names.size}`;
      names.set(id, name);
      return name;
    })
    .replaceAll(instants, (at) => {
      const ms = at.includes('T') ? Date.parse(at) : Number(at);
      return `@${Math.round((ms - nowMs) / 1_000)}`;
    });
}
