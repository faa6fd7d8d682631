import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { Found, Seen, Written } from '#ports/accounting-system.ts';
import type { Clock } from '#ports/clock.ts';
import { createSideClock, type SideClock } from '#ports/side-clock.ts';
import type { InvoicingSystem } from '#ports/invoicing-system.ts';
import { createCaller, type Call } from './caller.ts';
import { createChanges } from './changes.ts';
import type { Guard } from './guarded-lookup.ts';
import { judgeRead, judgeWrite, readFailed } from './failures.ts';
import { listMasters } from './masters.ts';
import { seenFrom } from './seen.ts';
import { parseList } from './wire.ts';
import { requestOf, writtenFrom } from './writes.ts';

export type InvoicingSystemOptions = {
  readonly baseUrl: string;
  readonly token: string;
  /** Keeps calls out of one's own network; null where internal books may be in it (http.md §1). */
  readonly guard: Guard | null;
  readonly clock: Clock;
};

/** The internal invoicing system of one company over its REST contract (http.md §4). */
export function createInvoicingSystem(options: InvoicingSystemOptions): InvoicingSystem {
  const sideClock = createSideClock(options.clock);
  const call = createCaller({ ...options, heard: sideClock.heard });
  return invoicingSystemOver(call, options.clock, sideClock);
}

/** The same over whatever carries its calls. */
export function invoicingSystemOver(
  call: Call,
  clock: Clock,
  { offMs }: Pick<SideClock, 'offMs'>,
): InvoicingSystem {
  const now = () => clock.now();
  return {
    clockOffMs: offMs,
    readInvoice: async (id, limits): Promise<CallOutcome<Found>> => {
      const path = `/invoices/${encodeURIComponent(id)}`;
      const answer = await call({ method: 'GET', path }, limits);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status === 404) return succeeded({ gone: 'never-existed' });
      if (status === 410) return succeeded({ gone: 'deleted' });
      if (status !== 200) return failed(judgeRead(answer.value, now()));
      return seenFrom(answer.value.body);
    },
    findByExternalRef: async (externalRef, limits): Promise<CallOutcome<readonly Seen[]>> => {
      const query = new URLSearchParams({ externalRef });
      const path = `/invoices?${query.toString()}`;
      const answer = await call({ method: 'GET', path }, limits);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return failed(judgeRead(answer.value, now()));
      const list = parseList(answer.value.body);
      if (list === null) return failed(readFailed('no list of invoices', 200, null));
      return allSeen(list);
    },
    changesSince: createChanges((path, limits) => call({ method: 'GET', path }, limits), clock),
    listReferences: (kind, limits) => listMasters(call, kind, limits, now),
    write: async (write, limits): Promise<CallOutcome<Written>> => {
      const answer = await call(requestOf(write), limits);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      return status === 200 || status === 201
        ? writtenFrom(answer.value, write.object)
        : failed(judgeWrite(answer.value, write, now()));
    },
  };
}

function allSeen(list: readonly unknown[]): CallOutcome<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const entry of list) {
    const one = seenFrom(entry);
    if (!one.ok) return one;
    seen.push(one.value);
  }
  return succeeded(seen);
}
