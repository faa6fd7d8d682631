import { lab } from './lab.ts';
import type { FaultRule, Webhooks } from './lab.ts';
import type { Evidence } from './proof.ts';

/** What a scenario set going: the invoices whose fate is watched. */
export type Begun = { readonly invoiceIds: readonly string[] };

/** One way of breaking it, with one press. */
export type Scenario = {
  readonly id: string;
  readonly title: string;
  /** What will happen, before it does. */
  readonly expect: string;
  /** Sets it going and puts everything back; `begin` is told what to watch. The books are as they were at `before`. */
  readonly start: (before: Evidence, begin: (begun: Begun) => void) => Promise<void>;
  /** What has come true so far. */
  readonly progress: (since: Since) => readonly Step[];
};

/** A sentence, and whether it is true yet. */
export type Step = { readonly sentence: string; readonly isTrue: boolean };

/** The evidence since a scenario began. */
export type Since = { readonly before: Evidence; readonly now: Evidence; readonly begun: Begun };

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));

/** What of a sender's knobs a scenario turns. */
const knobsOf = ({ duplicate, shuffle }: Webhooks) => ({ duplicate, shuffle });

/** Does something under other rules of QuickBooks, then puts the former ones back. */
async function underFaults(rules: readonly FaultRule[], act: () => Promise<void>): Promise<void> {
  const former = await lab.faults('quickbooks');
  await lab.setFaults('quickbooks', rules);
  try {
    await act();
  } finally {
    await lab.setFaults('quickbooks', former);
  }
}

/** Invoices like those that people make all day. */
export async function makeInvoices(count: number): Promise<readonly string[]> {
  const made = [];
  for (let index = 0; index < count; index += 1) {
    const line = { item: { id: 'itm_1' }, quantity: String(index + 1), unitPrice: '12.50' };
    const invoice = { customer: { id: 'cus_1' }, lines: [line] };
    made.push((await lab.human('invoicing', { action: 'create', invoice })).id);
  }
  return made;
}

const arrivedOnce = ({ now, begun }: Since): Step => {
  const copiesOf = (id: string) => now.quickbooksInvoices.filter(({ mark }) => mark === id).length;
  const arrived = begun.invoiceIds.filter((id) => copiesOf(id) === 1).length;
  const of = begun.invoiceIds.length;
  return {
    sentence: `${arrived} of ${of} new invoices are in QuickBooks, each exactly once`,
    isTrue: arrived === of,
  };
};

const requestsSince = ({ before, now }: Since) => {
  const seq = before.requests.at(-1)?.seq ?? 0;
  return now.requests.filter((request) => request.seq > seq);
};

const toldSince = ({ before, now }: Since) =>
  now.webhooks.invoicing.counts.acknowledged - before.webhooks.invoicing.counts.acknowledged;

const lostAnswers: Scenario = {
  id: 'lost-answers',
  title: 'Lose every third answer',
  expect:
    'QuickBooks writes the invoice, but its answer never arrives. LedgerBridge must not guess: it looks the invoice up and adopts it, so nothing is written twice.',
  start: async (_before, begin) => {
    const rules = [3, 6, 9].map((nth) => ({
      match: { operation: 'create', entity: 'Invoice', nth },
      effect: 'drop-after',
    }));
    await underFaults(rules, async () => {
      begin({ invoiceIds: await makeInvoices(9) });
      await pause(12_000);
    });
  },
  progress: (since) => {
    const lost = requestsSince(since).filter(({ fault }) => fault === 'drop-after').length;
    return [
      { sentence: `${lost} answers were lost after the write`, isTrue: lost >= 1 },
      arrivedOnce(since),
    ];
  },
};

const copies = 5;

const shuffled: Scenario = {
  id: 'shuffled',
  title: 'Deliver every webhook five times, shuffled',
  expect:
    'Each change is told five times, and the late news overtakes the early. Every delivery is acknowledged; each change still crosses once.',
  start: async ({ webhooks }, begin) => {
    await lab.setWebhooks('invoicing', { duplicate: copies - 1, shuffle: 1 });
    await lab.setWebhooks('quickbooks', { duplicate: copies - 1, shuffle: 1 });
    begin({ invoiceIds: await makeInvoices(6) });
    await pause(4_000);
    await lab.setWebhooks('invoicing', knobsOf(webhooks.invoicing));
    await lab.setWebhooks('quickbooks', knobsOf(webhooks.quickbooks));
  },
  progress: (since) => {
    const told = toldSince(since);
    const wanted = since.begun.invoiceIds.length * copies;
    return [
      { sentence: `${told} deliveries arrived for 6 changes and more`, isTrue: told >= wanted },
      arrivedOnce(since),
    ];
  },
};

const midWriteMsMax = 10_000;

/** Waits until QuickBooks has a write in hand and has not answered it. */
async function untilMidWrite(after: number): Promise<void> {
  const endsAt = performance.now() + midWriteMsMax;
  while (performance.now() < endsAt) {
    const open = (await lab.requests('quickbooks', after)).some(
      ({ method, requestId, finishedAt }) =>
        method === 'POST' && requestId !== null && finishedAt === null,
    );
    if (open) return;
    await pause(100);
  }
}

const killed: Scenario = {
  id: 'killed',
  title: 'Kill the worker in mid-write',
  expect:
    'The process dies while QuickBooks has a write in hand. A new one starts, finds what was written down before it was sent, and looks for it in QuickBooks. What is not there may still arrive, so it is sent anew only after two minutes.',
  start: async (before, begin) => {
    const slow = { match: { operation: 'create' }, effect: 'latency', params: { ms: 2_500 } };
    await underFaults([slow], async () => {
      begin({ invoiceIds: await makeInvoices(4) });
      await untilMidWrite(before.requests.at(-1)?.seq ?? 0);
      await lab.signal('KILL');
      await pause(1_000);
    });
  },
  progress: (since) => {
    const { before, now } = since;
    const isBack = now.worker.startedCount > before.worker.startedCount && now.worker.isRunning;
    return [
      { sentence: isBack ? 'A new worker runs' : 'The worker is gone', isTrue: isBack },
      arrivedOnce(since),
    ];
  },
};

const frozen: Scenario = {
  id: 'frozen',
  title: 'Freeze the worker for eight seconds',
  expect:
    'The process stands still, as a machine that swaps or a container that is paused. Changes wait in the outbox; when it thaws, they cross once.',
  start: async (_before, begin) => {
    await lab.signal('STOP');
    begin({ invoiceIds: await makeInvoices(4) });
    await pause(8_000);
    await lab.signal('CONT');
  },
  progress: (since) => [
    {
      sentence: since.now.worker.isFrozen ? 'The worker is frozen' : 'The worker thawed',
      isTrue: !since.now.worker.isFrozen,
    },
    arrivedOnce(since),
  ],
};

const outage: Scenario = {
  id: 'outage',
  title: 'Take QuickBooks down for ten seconds',
  expect:
    'Every call is answered 503. Nothing is dropped and no attempt is burnt for what was never sent; when QuickBooks is back, the rest crosses. A write whose outcome is open is looked for during two minutes first.',
  start: async (_before, begin) => {
    const down = { match: {}, effect: 'status', params: { status: 503, body: 'html' } };
    await underFaults([down], async () => {
      begin({ invoiceIds: await makeInvoices(4) });
      await pause(10_000);
    });
  },
  progress: (since) => {
    const refused = requestsSince(since).filter(({ status }) => status === 503).length;
    return [
      {
        sentence: `${refused} ${refused === 1 ? 'call was' : 'calls were'} answered 503`,
        isTrue: refused >= 1,
      },
      arrivedOnce(since),
    ];
  },
};

const intuitLimits = { perSecond: 10, perMinute: 500 };

const throttled: Scenario = {
  id: 'throttled',
  title: 'Throttle QuickBooks to one call a second',
  expect:
    'QuickBooks answers 429. LedgerBridge slows down, waits as long as it is told to, and loses nothing. This one takes about a minute.',
  start: async (_before, begin) => {
    await lab.setLimits({ perSecond: 1, perMinute: 30 });
    begin({ invoiceIds: await makeInvoices(5) });
    await pause(8_000);
    await lab.setLimits(intuitLimits);
  },
  progress: (since) => {
    const refused = requestsSince(since).filter(({ status }) => status === 429).length;
    return [
      {
        sentence: `${refused} ${refused === 1 ? 'call was' : 'calls were'} answered 429`,
        isTrue: refused >= 1,
      },
      arrivedOnce(since),
    ];
  },
};

/** All of them, the most convincing first. */
export const scenarios: readonly Scenario[] = [
  lostAnswers,
  shuffled,
  killed,
  frozen,
  outage,
  throttled,
];
