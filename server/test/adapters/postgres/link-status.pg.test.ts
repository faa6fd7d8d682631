import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { statusOf, type LinkFacts } from '#core/link/status.ts';
import { openStore } from '../../support/store.ts';

const names = [
  'uncertain',
  'claimed',
  'paused',
  'deadLettered',
  'inConflict',
  'due',
  'onBothSides',
] as const satisfies readonly (keyof LinkFacts)[];

/** Every combination of facts a link can have. */
const combinations: readonly LinkFacts[] = Array.from({ length: 2 ** names.length }, (_, bits) => {
  const holds = (name: (typeof names)[number]): boolean => (bits & (1 << names.indexOf(name))) > 0;
  return {
    uncertain: holds('uncertain'),
    claimed: holds('claimed'),
    paused: holds('paused'),
    deadLettered: holds('deadLettered'),
    inConflict: holds('inConflict'),
    due: holds('due'),
    onBothSides: holds('onBothSides'),
  };
});

const insert = `
INSERT INTO link (id, company_id, internal_id, quickbooks_id, uncertain, claim_epoch, paused, open_dead_letter_id,
  open_conflict_id, due_at, status_reason, changed_at)
SELECT t.id, $1, t.id::text, CASE WHEN "onBothSides" THEN t.id::text END, uncertain, CASE WHEN claimed THEN 1 END, paused,
  CASE WHEN "deadLettered" THEN t.id END, CASE WHEN "inConflict" THEN t.id END, CASE WHEN due THEN now() END, '', now()
FROM jsonb_to_recordset($2) AS t(id uuid, uncertain bool, claimed bool, paused bool, "deadLettered" bool, "inConflict" bool,
  due bool, "onBothSides" bool)`;

test('the status column says what the core says, for every combination of facts', async () => {
  const { pool, companyId } = await openStore();
  const links = combinations.map((facts) => ({ ...facts, id: randomUUID() }));

  await pool.query(insert, [companyId, JSON.stringify(links)]);

  const { rows } = await pool.query<{ id: string; status: string }>('SELECT id, status FROM link');
  const stored = new Map(rows.map(({ id, status }) => [id, status]));
  expect(stored.size).toBe(128);
  for (const { id, ...facts } of links)
    expect(stored.get(id), JSON.stringify(facts)).toBe(statusOf(facts));
});

test('a link without any side is refused', async () => {
  const { pool, companyId } = await openStore();

  const inserting = pool.query(
    `INSERT INTO link (id, company_id, status_reason, changed_at) VALUES (gen_random_uuid(), $1, '', now())`,
    [companyId],
  );

  await expect(inserting).rejects.toThrow(/link_has_a_side/);
});
