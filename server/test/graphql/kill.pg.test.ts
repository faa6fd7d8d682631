import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiProcess } from '../support/api-process.ts';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { actionsOf, countOf, documents, inputs, request, type Mutation } from './requests.ts';

/** As many as stand in the middle of their transactions at once; fewer than a process has connections. */
const atOnce = 7;

let bridge: Bridge;
const mutations = Object.keys(documents).filter((name): name is Mutation => name in documents);
const rounds = Array.from({ length: Math.ceil(mutations.length / atOnce) }, (_each, round) =>
  mutations.slice(round * atOnce, (round + 1) * atOnce),
);

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge.close());

const waiting = `FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append_audit%'`;

async function untilWaiting(count: number): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  while ((await countOf(bridge, waiting)) !== count) {
    if (performance.now() > giveUpAtMs)
      throw new Error(`${await countOf(bridge, waiting)} of ${count} requests came so far`);
    await sleep(10);
  }
}

/** Holds the audit chains while `meanwhile` runs, so that whoever writes to one stands in the middle of its work. */
async function holdingChains(
  chains: readonly string[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const blocker = await bridge.pool.connect();
  try {
    await blocker.query(
      `INSERT INTO audit_head (chain, sequence, hash) SELECT chain, 0, repeat('0', 64) FROM unnest($1::text[]) AS chain
       ON CONFLICT DO NOTHING`,
      [chains],
    );
    await blocker.query('BEGIN');
    await blocker.query(
      'SELECT 1 FROM audit_head WHERE chain = ANY($1) ORDER BY chain FOR UPDATE',
      [chains],
    );
    await meanwhile();
  } finally {
    await blocker.query('ROLLBACK');
    blocker.release();
  }
}

const askAt = (url: string, mutation: Mutation, input: object): Promise<unknown> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query: documents[mutation], variables: { input } }),
  }).then(
    (response) => response.text(),
    () => 'no answer',
  );

test.each(rounds)(
  'the process killed in the middle of %s …, and another one asked again: one effect each',
  async (...together) => {
    const api = await startApiProcess(bridge.databaseUrl);
    const asked = await Promise.all(
      together.map(async (mutation) => {
        const { companyId, input } = await inputs[mutation](bridge);
        return { mutation, companyId, input: { ...input, idempotencyKey: randomUUID() } };
      }),
    );
    const before = await Promise.all(asked.map(({ companyId }) => actionsOf(bridge, companyId)));

    await holdingChains([...new Set(asked.map(({ companyId }) => companyId))], async () => {
      const answers = asked.map(({ mutation, input }) => askAt(api.url, mutation, input));
      await untilWaiting(together.length);
      await api.kill();
      expect(await Promise.all(answers)).toEqual(together.map(() => 'no answer'));
    });

    for (const [place, { mutation, companyId, input }] of asked.entries()) {
      const first = await request(bridge, mutation, input);
      const again = await request(bridge, mutation, input);
      expect(first, mutation).toMatchObject({ replayed: false });
      expect(again, mutation).toMatchObject({ replayed: true, __typename: first.__typename });
      const told = (await actionsOf(bridge, companyId)).slice(before[place]?.length);
      // Both mutations about API clients write to the one chain of the system.
      if (companyId !== 'system') expect(new Set(told).size, mutation).toBe(told.length);
      expect(told.length, mutation).toBeGreaterThan(0);
      const claims = 'FROM idempotency_key WHERE key = $1';
      expect(await countOf(bridge, claims, [input.idempotencyKey]), mutation).toBe(1);
    }
  },
  60_000,
);
