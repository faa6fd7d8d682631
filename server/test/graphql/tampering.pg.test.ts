import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

let bridge: Bridge;
let companyId: string;
const entries = 7;

const columns = 'id, chain, sequence, content, hash, previous_hash, company_id';

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
  const trail = Array.from({ length: entries }, (_, place) => ({
    actor: { kind: 'system', name: 'engine' },
    action: 'WRITE',
    summary: `Entry ${place + 1}`,
    subject: { type: 'Company', id: companyId },
    linkId: null,
    changes: [],
    note: null,
    correlationId: 'cor-audit',
  }));
  await bridge.pool.query('SELECT append_audit($1::text, $1::uuid, $2)', [
    companyId,
    JSON.stringify(trail),
  ]);
  await bridge.pool.query(
    `CREATE TABLE kept AS SELECT ${columns} FROM audit_entry; CREATE TABLE kept_head AS SELECT * FROM audit_head`,
  );
});

afterAll(() => bridge.close());

afterEach(() =>
  tamper(
    `DELETE FROM audit_entry; INSERT INTO audit_entry (${columns}) SELECT * FROM kept;
     DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head`,
  ),
);

/** Does what the trigger forbids, as somebody with the database in hand would. */
const tamper = (statements: string) =>
  bridge.pool.query(
    `BEGIN; ALTER TABLE audit_entry DISABLE TRIGGER USER; ${statements}; ALTER TABLE audit_entry ENABLE TRIGGER USER; COMMIT`,
  );

const answer = z.object({
  verifyAuditChain: z.object({
    intact: z.boolean(),
    head: z.string().nullable(),
    firstBroken: z.object({ summary: z.string() }).nullable(),
  }),
});

/** Whether the chain holds, and the first entry that does not. */
async function check(expectedHead?: string) {
  const id = Buffer.from(`Company:${companyId}`).toString('base64');
  const head = expectedHead === undefined ? '' : `, expectedHead: "${expectedHead}"`;
  const { data, errors } = await bridge.ask(
    `{ verifyAuditChain(companyId: "${id}"${head}) { intact head firstBroken { summary } } }`,
  );
  expect(errors).toBeUndefined();
  const found = answer.parse(data).verifyAuditChain;
  return { ...found, firstBroken: found.firstBroken?.summary ?? null };
}

const forged = `jsonb_set(content, '{note}', '"forged"')`;
/** Hashes of the whole chain from an entry on, as somebody computes them who knows how. */
const rehash = (from: number) => `
DO $$ DECLARE r record; last text; BEGIN
  SELECT hash INTO last FROM audit_entry WHERE sequence = ${from - 1};
  FOR r IN SELECT * FROM audit_entry WHERE sequence >= ${from} ORDER BY sequence LOOP
    UPDATE audit_entry SET previous_hash = coalesce(last, repeat('0', 64)),
      hash = audit_hash(coalesce(last, repeat('0', 64)), r.chain, r.sequence, r.content) WHERE id = r.id RETURNING hash INTO last;
  END LOOP;
END $$`;
/** Room for one more entry behind `after`. */
const shiftedFrom = (after: number) =>
  `UPDATE audit_entry SET sequence = -sequence WHERE sequence > ${after}; UPDATE audit_entry SET sequence = 1 - sequence WHERE sequence < 0`;

const everyEntry = Array.from({ length: entries }, (_, place) => place + 1);

test('nobody touched it: it holds, and the trigger refuses whoever tries', async () => {
  expect(await check()).toMatchObject({ intact: true, firstBroken: null });

  for (const attempt of [
    'UPDATE audit_entry SET content = content',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
  ])
    await expect(bridge.pool.query(attempt)).rejects.toThrow('append-only');
});

test.each(everyEntry)('entry %i with another content is named', async (place) => {
  await tamper(`UPDATE audit_entry SET content = ${forged} WHERE sequence = ${place}`);

  expect(await check()).toMatchObject({ intact: false, firstBroken: `Entry ${place}` });
});

test.each(everyEntry)(
  'entry %i with a hash that fits its new content breaks the next',
  async (place) => {
    await tamper(
      `UPDATE audit_entry SET content = ${forged}, hash = audit_hash(previous_hash, chain, sequence, ${forged}) WHERE sequence = ${place}`,
    );

    expect(await check()).toMatchObject({
      intact: false,
      firstBroken: place === entries ? null : `Entry ${place + 1}`,
    });
  },
);

test.each(everyEntry)('entry %i removed is named by the one behind the gap', async (place) => {
  await tamper(`DELETE FROM audit_entry WHERE sequence = ${place}`);

  expect(await check()).toMatchObject({
    intact: false,
    firstBroken: place === entries ? null : `Entry ${place + 1}`,
  });
});

test.each(everyEntry)(
  'a tail cut off before entry %i is found by the head kept apart',
  async (place) => {
    await tamper(`DELETE FROM audit_entry WHERE sequence >= ${place}`);

    expect(await check()).toMatchObject({ intact: false, firstBroken: null });
  },
);

test.each(everyEntry.slice(0, -1))(
  'an entry put in behind entry %i breaks the chain there',
  async (place) => {
    await tamper(
      `${shiftedFrom(place)};
     INSERT INTO audit_entry (${columns}) SELECT gen_random_uuid(), chain, sequence + 1, jsonb_set(content, '{summary}', '"Put in"'),
       audit_hash(hash, chain, sequence + 1, jsonb_set(content, '{summary}', '"Put in"')), hash, company_id FROM audit_entry WHERE sequence = ${place}`,
    );

    expect(await check()).toMatchObject({ intact: false, firstBroken: `Entry ${place + 1}` });
  },
);

test('an entry put in without knowing how to hash it is named itself', async () => {
  await tamper(
    `${shiftedFrom(3)};
     INSERT INTO audit_entry (${columns}) SELECT gen_random_uuid(), chain, 4, jsonb_set(content, '{summary}', '"Put in"'), hash, previous_hash, company_id
       FROM audit_entry WHERE sequence = 3`,
  );

  expect(await check()).toMatchObject({ intact: false, firstBroken: 'Put in' });
});

test('an entry put behind the newest is found by the head kept apart', async () => {
  await tamper(
    `INSERT INTO audit_entry (${columns}) SELECT gen_random_uuid(), chain, sequence + 1, content,
       audit_hash(hash, chain, sequence + 1, content), hash, company_id FROM audit_entry WHERE sequence = ${entries}`,
  );

  expect(await check()).toMatchObject({ intact: false, firstBroken: null });
});

test('two entries that changed places break the chain at the first', async () => {
  await tamper(
    `UPDATE audit_entry a SET content = b.content FROM kept b
     WHERE (a.sequence = 2 AND b.sequence = 5) OR (a.sequence = 5 AND b.sequence = 2)`,
  );

  expect(await check()).toMatchObject({ intact: false, firstBroken: 'Entry 5' });
});

test('a chain written anew with its head holds from inside; a head that was published finds it out', async () => {
  const { head } = await check();
  await tamper(
    `UPDATE audit_entry SET content = ${forged} WHERE sequence = 4; ${rehash(4)};
     UPDATE audit_head h SET hash = e.hash FROM audit_entry e WHERE e.chain = h.chain AND e.sequence = ${entries}`,
  );

  expect(await check()).toMatchObject({ intact: true });
  expect(await check(head ?? '')).toMatchObject({ intact: false });
});
