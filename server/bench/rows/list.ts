import { Agent, request } from 'node:http';
import path from 'node:path';
import type { Pool } from 'pg';
import { openBridge } from '../harness/bridge.ts';
import { cloneCompanies, cloneLinks, makeDue } from '../harness/clone.ts';
import { startProgram } from '../harness/program.ts';
import { certain, interleaved, ratios, spreadOf } from '../harness/rounds.ts';
import { atLeast, atMost, shown, type Row } from '../harness/row.ts';
import { startPeer } from '../harness/side-program.ts';
import { crossOne } from '../harness/template.ts';

const invoices = 2_000;
const clients = 8;
/** Each caller has a budget of its own, and one alone would be held back long before the machine is. */
const callers = 200;
const turnMs = 2_000;

const document = `query List($first: Int!) {
  invoices(first: $first) {
    nodes {
      id version number status statusReason changedAt company { id name }
      internal { number customer { name } dueDate total { amount currency } }
      quickbooks { number customer { name } dueDate total { amount currency } }
      diff { path label state base { display } internal { display } quickbooks { display } }
      outboxEvents(first: 1) { nodes { id version direction stage receivedAt endedAt } }
    }
  }
}`;

type Answer = { readonly status: number; readonly text: string };

const keyOf = (caller: number): string => `lb_${String(caller).padStart(43, '0')}`;

async function makeCallers(pool: Pool): Promise<void> {
  await pool.query(
    `INSERT INTO api_client (id, display_name, scopes, all_companies, key_prefix, key_hash)
     SELECT gen_random_uuid(), 'Caller', ARRAY['READ'], true, left(key, 10), encode(sha256(convert_to(key, 'UTF8')), 'hex')
     FROM unnest($1::text[]) AS key`,
    [Array.from({ length: callers }, (_, caller) => keyOf(caller))],
  );
}

function askerOf(port: number) {
  let asked = 0;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const ask = (where: string, body: string | null): Promise<Answer> =>
    new Promise((resolve, reject) => {
      asked += 1;
      const headers =
        body === null
          ? {}
          : {
              'content-type': 'application/json',
              accept: 'application/graphql-response+json',
              authorization: `Bearer ${keyOf(asked % callers)}`,
            };
      const method = body === null ? 'GET' : 'POST';
      const sent = request(
        { host: '127.0.0.1', port, path: where, method, headers, agent },
        (got) => {
          const parts: Buffer[] = [];
          got.on('data', (part: Buffer) => parts.push(part));
          got.on('end', () =>
            resolve({ status: got.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  return { ask, close: () => agent.destroy() };
}

async function rateOf(ask: () => Promise<Answer>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - startedAt < turnMs) {
      const { status, text } = await ask();
      if (status !== 200 || text.includes('"errors"'))
        throw new Error(`answered ${status}: ${text.slice(0, 300)}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  return (done / (performance.now() - startedAt)) * 1_000;
}

/** Statements that PostgreSQL carried out for the API meanwhile; its publisher and its housekeeping are known by name. */
async function statementsDuring(pool: Pool, work: () => Promise<unknown>): Promise<number> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await pool.query('SELECT pg_stat_statements_reset()');
  await work();
  const { rows } = await pool.query<{ calls: number }>(
    `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND query ~* '^\\s*(SELECT|WITH|INSERT|UPDATE)' AND query !~* 'pg_stat_statements|pgboss|stream_head|stream_event|api_budget|api_client|advisory'`,
  );
  return rows[0]?.calls ?? 0;
}

export const list: Row = {
  number: '13',
  name: 'list',
  title: 'GraphQL list of 50 invoices with both sides, diff and last event',
  method: `An API process of the product, ${clients} connections, ${callers} callers with a cost budget each, ${invoices.toLocaleString('en-US')} linked invoices; beside it a process of bare \`node:http\` whose one prepared statement lets PostgreSQL build the JSON: both sides, the newest event, and a difference table of eight fields that are taken as agreed, where GraphQL compares every field and spells its values out. Statements are those that PostgreSQL counted for one request, without the check of the key and the caller's cost budget.`,
  measure: async (stage) => {
    const template = await crossOne(await stage.database());
    const bridge = await openBridge(template, 1);
    const { pool } = bridge;
    await cloneCompanies(pool, template, 1);
    await cloneLinks(pool, template, [1], invoices);
    await makeDue(pool, 'list', invoices);
    await makeCallers(pool);
    await pool.query('VACUUM ANALYZE');
    const api = await startProgram('api', template.environment);
    const file = path.join(import.meta.dirname, '../peers/list-endpoint.ts');
    const peer = await startPeer(file, template.databaseUrl);
    const ours = askerOf(Number(new URL(api.url).port));
    const theirs = askerOf(peer.port);
    try {
      const page = (first: number) => () =>
        ours.ask('/graphql', JSON.stringify({ query: document, variables: { first } }));
      const byHand = () => theirs.ask('/', null);
      const [graph, hand] = [await page(50)(), await byHand()];
      const ofTen = await statementsDuring(pool, page(10));
      const ofFifty = await statementsDuring(pool, page(50));
      const rates = await interleaved({
        graphql: () => rateOf(page(50)),
        byHand: () => rateOf(byHand),
      });
      const median = (values: readonly number[]): string => shown(spreadOf(values).median);
      const kilobytes = ({ text }: Answer): string => `${shown(text.length / 1_000)} kB`;
      return [
        {
          what: 'SQL statements for a page of 50 invoices',
          goal: atMost(6),
          value: certain(ofFifty),
          unit: '',
          detail: `${ofTen} for a page of 10`,
        },
        {
          what: 'GraphQL pages a second / hand-written endpoint',
          goal: atLeast(0.25),
          value: ratios(rates.graphql, rates.byHand),
          unit: '',
          detail: `${median(rates.graphql)}/s of ${kilobytes(graph)} against ${median(rates.byHand)}/s of ${kilobytes(hand)}`,
        },
      ];
    } finally {
      ours.close();
      theirs.close();
      peer.end();
      await api.kill();
      await bridge.close();
    }
  },
};
