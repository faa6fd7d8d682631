import type pg from 'pg';
import { z } from 'zod';

/** Every entry's hash computed again from what it holds and from the entry before; gaps and a head that does not fit count. */
const broken = `
WITH chained AS (
  SELECT chain, sequence, hash, audit_hash(previous_hash, chain, sequence, content) AS computed, previous_hash,
    coalesce(lag(hash) OVER (PARTITION BY chain ORDER BY sequence), repeat('0', 64)) AS hash_before,
    coalesce(lag(sequence) OVER (PARTITION BY chain ORDER BY sequence), 0) AS sequence_before
  FROM audit_entry
)
SELECT chain || ' at ' || sequence AS place FROM chained
WHERE hash <> computed OR previous_hash <> hash_before OR sequence <> sequence_before + 1
UNION ALL
SELECT h.chain || ' head' FROM audit_head h LEFT JOIN LATERAL
  (SELECT sequence, hash FROM audit_entry e WHERE e.chain = h.chain ORDER BY sequence DESC LIMIT 1) last ON true
WHERE h.sequence IS DISTINCT FROM last.sequence OR h.hash IS DISTINCT FROM last.hash`;

/** Places where the audit chain does not hold; empty when it is intact. */
export async function brokenAudit(pool: Pick<pg.Pool, 'query'>): Promise<readonly string[]> {
  const { rows } = await pool.query(broken);
  return z
    .array(z.object({ place: z.string() }))
    .parse(rows)
    .map(({ place }) => place);
}
