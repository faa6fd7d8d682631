import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { createSender, signedDeliveries, type Delivery } from '../harness/deliveries.ts';
import { startProgram } from '../harness/program.ts';
import { interleaved, quantile, ratios, roundsOf, spreadOf } from '../harness/rounds.ts';
import { atLeast, atMost, shown, type Figure, type Row, type Stage } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';

const clients = 16;
const turnMs = 2_500;
/** More than are taken in a turn. */
const deliveriesMax = 8_000;

const insert = {
  name: 'insert-one',
  text: 'INSERT INTO bench_delivery (id, payload, received_at) VALUES ($1, $2, clock_timestamp())',
};

/** Rate of something that several clients do one after the other until the time is over. */
async function rateOf(act: () => Promise<unknown>, forMs: number): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      await act();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  return (done / (performance.now() - startedAt)) * 1_000;
}

/** One INSERT a commit on each of so many connections, prepared: what pgbench does with `-M prepared -c 16`. */
async function openInserts(url: string) {
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const [first] = connections;
  await first?.query(
    'CREATE TABLE bench_delivery (id uuid PRIMARY KEY, payload jsonb NOT NULL, received_at timestamptz NOT NULL)',
  );
  const [{ body } = { body: '{}' }] = signedDeliveries('company', 1);
  return {
    rate: async (): Promise<number> => {
      const free = [...connections];
      return rateOf(async () => {
        const client = free.pop();
        if (client === undefined) throw new Error('every connection is busy');
        await client.query({ ...insert, values: [randomUUID(), body] });
        free.push(client);
      }, turnMs);
    },
    close: () => Promise.all(connections.map((client) => client.end())),
  };
}

type Taken = {
  readonly http: readonly number[];
  readonly inserts: readonly number[];
  /** Milliseconds to the acknowledgement at half the rate, round by round, sorted. */
  readonly waits: readonly (readonly number[])[];
};

async function take(stage: Stage): Promise<Taken> {
  const databaseUrl = await stage.database();
  const template = await crossOne(databaseUrl);
  const api = await startProgram('api', template.environment);
  const sender = createSender(api.url, clients);
  const inserts = await openInserts(await stage.database());
  try {
    const http = async (): Promise<number> => {
      const waiting = [...signedDeliveries(template.companyId, deliveriesMax)];
      return rateOf(() => sender.send(nextOf(waiting)), turnMs);
    };
    await http(); // the program warms up
    const rates = await interleaved({ http, inserts: inserts.rate });
    const half = spreadOf(rates.http).median / 2;
    const waits: (readonly number[])[] = [];
    for (let round = 0; round < roundsOf; round += 1)
      waits.push(await paced(template.companyId, half, sender.send));
    return { ...rates, waits };
  } finally {
    sender.close();
    await inserts.close();
    await api.kill();
  }
}

function nextOf(waiting: Delivery[]): Delivery {
  const next = waiting.pop();
  if (next === undefined) throw new Error('there were too few deliveries for the time');
  return next;
}

/** Sends at a steady rate whether or not answers come, as senders do who do not know each other. */
async function paced(
  companyId: string,
  perSecond: number,
  send: (delivery: Delivery) => Promise<number>,
): Promise<readonly number[]> {
  const deliveries = signedDeliveries(companyId, Math.floor((perSecond * turnMs) / 1_000));
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  for (const [place, delivery] of deliveries.entries()) {
    const dueMs = startedAt + (place / perSecond) * 1_000 - performance.now();
    if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
    answers.push(send(delivery));
  }
  return (await Promise.all(answers)).toSorted((one, other) => one - other);
}

let taken: Promise<Taken> | null = null;
const sameTaken = (stage: Stage): Promise<Taken> => (taken ??= take(stage));

export const webhooks: Row = {
  number: '8',
  name: 'webhooks',
  title: 'Webhooks accepted a second against single-row INSERTs',
  method: `An API process of the product takes deliveries over ${clients} connections that are kept open: signature checked, event, duplicate check and stream event stored and committed, then answered. The other half is one prepared INSERT of the same payload and commit after the other on ${clients} connections; the embedded PostgreSQL comes without pgbench, so a driver in Node does what \`pgbench -M prepared -c ${clients}\` would. Both clients run in the bench's own process.`,
  measure: async (stage) => {
    const { http, inserts } = await sameTaken(stage);
    const median = (rates: readonly number[]): string => shown(spreadOf(rates).median);
    return [
      {
        what: 'Webhooks accepted a second / single-row INSERTs a second',
        goal: atLeast(1),
        value: ratios(http, inserts),
        unit: '',
        detail: `${median(http)}/s against ${median(inserts)}/s, ${clients} clients`,
      },
    ];
  },
};

export const acknowledgement: Row = {
  number: '9',
  name: 'acknowledgement',
  title: 'Acknowledgement of a webhook at half that rate',
  method:
    'The API process of row 8 gets half the rate that row 8 found, at steady distances whether or not it answers; five rounds.',
  measure: async (stage): Promise<readonly Figure[]> => {
    const { http, waits } = await sameTaken(stage);
    const at = (share: number) => spreadOf(waits.map((round) => quantile(round, share)));
    const rate = shown(spreadOf(http).median / 2);
    return [
      {
        what: 'Acknowledgement of a webhook, p99',
        goal: atMost(50, ' ms'),
        value: at(0.99),
        unit: 'ms',
        detail: `${rate}/s, p50 ${shown(at(0.5).median)} ms; Intuit waits 3 s`,
      },
    ];
  },
};
