import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { WebSocket } from 'ws';
import { openBridge } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks } from '../harness/clone.ts';
import { apiKey, startProgram } from '../harness/program.ts';
import { interleaved, quantile, ratios, spreadOf } from '../harness/rounds.ts';
import { atLeast, atMost, shown, type Row } from '../harness/row.ts';
import { startPeer } from '../harness/side-program.ts';
import { crossOne } from '../harness/template.ts';

const clients = 1_000;
/** Events a round as fast as they go, and in the round where each is timed. */
const burst = 20;
const timed = 20;
const timedEveryMs = 200;
const lostMs = 40_000;

const subscription = `subscription { syncEvents(maxBatch: 100, maxDelayMs: 50) { __typename
  ... on SyncEventBatch { cursor events { id cursor at type summary correlationId company { id } invoice { id } } } } }`;

/** Counts what its sockets hear; a text may hold several events. */
class Crowd {
  readonly #sockets: WebSocket[] = [];
  readonly #heard: number[] = [];
  /** Told of each event heard by any socket, with when. */
  onEvent: (summary: string, atMs: number) => void = () => {};
  /** What the first socket got, for the peer to send. */
  readonly texts: string[] = [];

  async join(url: string, protocol: string | undefined, open: readonly object[]): Promise<void> {
    const socket = new WebSocket(url, protocol, { perMessageDeflate: false });
    const place = this.#sockets.push(socket) - 1;
    this.#heard[place] = 0;
    const isReady = Promise.withResolvers<void>();
    const [hello, ...rest] = open;
    socket.on('open', () => {
      if (hello === undefined) isReady.resolve();
      else socket.send(JSON.stringify(hello));
    });
    socket.on('error', isReady.reject);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('{"type":"connection_ack"')) {
        for (const one of rest) socket.send(JSON.stringify(one));
        return isReady.resolve();
      }
      this.#take(place, text);
    });
    await isReady.promise;
  }

  #take(place: number, text: string): void {
    const summaries = text.match(/Told \d+/g) ?? [];
    if (summaries.length === 0) return;
    this.#heard[place] = (this.#heard[place] ?? 0) + summaries.length;
    if (place === 0) this.texts.push(text);
    const now = performance.now();
    for (const summary of summaries) this.onEvent(summary, now);
  }

  forget(): void {
    this.#heard.fill(0);
    this.texts.length = 0;
  }

  /** Resolves when every socket heard so many; fails when one never does. */
  async hears(count: number): Promise<void> {
    const giveUpAtMs = performance.now() + lostMs;
    while (this.#heard.some((heard) => heard < count)) {
      if (performance.now() > giveUpAtMs) {
        const short = this.#heard.filter((heard) => heard < count).length;
        throw new Error(`${short} of ${this.#heard.length} clients missed events`);
      }
      await sleep(2);
    }
    if (this.#heard.some((heard) => heard > count)) throw new Error('an event came twice');
  }

  leave(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}

let told = 0;

/** Commits events of the stream as the engine does and rings the publisher. */
async function commit(pool: Pool, companyId: string, count: number): Promise<void> {
  await pool.query(
    `INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
     SELECT gen_random_uuid(), $1, l.id, 'INVOICE_CHANGED', 'Told ' || ($2::int + n), '{}', clock_timestamp(), gen_random_uuid()::text
     FROM generate_series(1, $3::int) AS n JOIN link l ON l.company_id = $1 AND l.internal_id = 'inv_1_' || (1 + n % 50)`,
    [companyId, told, count],
  );
  told += count;
  await pool.query('NOTIFY stream_pending');
}

export const deliveries: Row = {
  number: '12',
  name: 'deliveries',
  title: 'Subscription deliveries a second to 1,000 clients against bare `ws`',
  method: `${clients.toLocaleString('en-US')} graphql-ws sockets on one API process of the product, all with the same selection; ${burst} events are committed and rung for, and the clock stops when every socket has each of them. The peer is a process of bare \`ws\` without compression that sends the very bytes the bridge's first client got to as many sockets. Both crowds live in the bench's process, so receiving costs both the same. For the delay one event is committed every ${timedEveryMs} ms, ${timed} times, and timed to each socket. A client that misses an event or gets one twice fails the row.`,
  measure: async (stage) => {
    const template = await crossOne(await stage.database());
    const bridge = await openBridge(template, 1);
    const { pool } = bridge;
    await cloneCompanies(pool, template, 1);
    await cloneLinks(pool, template, [1], 50);
    const [companyId] = bridge.companies;
    if (companyId === undefined) throw new Error('no company was made');
    const api = await startProgram('api', template.environment);
    const peer = await startPeer(path.join(import.meta.dirname, '../peers/bare-ws.ts'), '');
    const ours = new Crowd();
    const theirs = new Crowd();
    try {
      const open = [
        { type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } },
        { id: '1', type: 'subscribe', payload: { query: subscription } },
      ];
      const socketUrl = `${api.url.replace('http', 'ws')}/graphql`;
      for (let client = 0; client < clients; client += 1) {
        await ours.join(socketUrl, 'graphql-transport-ws', open);
        await theirs.join(`ws://127.0.0.1:${peer.port}`, undefined, []);
      }
      stage.say('all clients are there');
      await sleep(1_000); // every subscription stands at the live end
      let texts: readonly string[] = [];
      const rates = await interleaved({
        bridge: async () => {
          ours.forget();
          const startedAt = performance.now();
          await commit(pool, companyId, burst);
          await ours.hears(burst);
          const tookMs = performance.now() - startedAt;
          texts = [...ours.texts];
          stage.say(`${burst} events heard by all in ${shown(tookMs)} ms`);
          return ((burst * clients) / tookMs) * 1_000;
        },
        bare: async () => {
          theirs.forget();
          const startedAt = performance.now();
          peer.tell({ texts });
          await theirs.hears(burst);
          return ((burst * clients) / (performance.now() - startedAt)) * 1_000;
        },
      });
      const waits = await delays(ours, () => commit(pool, companyId, 1));
      const median = (values: readonly number[]): string => shown(spreadOf(values).median);
      return [
        {
          what: 'Deliveries a second to 1,000 clients / bare `ws`',
          goal: atLeast(0.5),
          value: ratios(rates.bridge, rates.bare),
          unit: '',
          detail: `${median(rates.bridge)}/s against ${median(rates.bare)}/s; no client missed an event`,
        },
        {
          what: 'Event committed → heard by each of 1,000 clients, p99',
          goal: atMost(150, ' ms'),
          value: spreadOf([quantile(waits, 0.99)]),
          unit: 'ms',
          detail: `p50 ${shown(quantile(waits, 0.5))} ms, ${1_000 / timedEveryMs} events a second`,
        },
      ];
    } finally {
      ours.leave();
      theirs.leave();
      peer.end();
      await api.kill();
      await bridge.close();
    }
  },
};

/** Milliseconds from the start of each commit to each socket, sorted. */
async function delays(crowd: Crowd, commitOne: () => Promise<void>): Promise<readonly number[]> {
  crowd.forget();
  const committed = new Map<string, number>();
  const waits: number[] = [];
  crowd.onEvent = (summary, atMs) => void waits.push(atMs - (committed.get(summary) ?? Number.NaN));
  for (let event = 0; event < timed; event += 1) {
    const dueMs = performance.now() + timedEveryMs;
    committed.set(`Told ${told + 1}`, performance.now());
    await commitOne();
    await sleep(Math.max(0, dueMs - performance.now()));
  }
  await crowd.hears(timed);
  crowd.onEvent = () => {};
  return waits.toSorted((one, other) => one - other);
}
