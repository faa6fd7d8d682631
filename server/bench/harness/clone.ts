import type pg from 'pg';
import { z } from 'zod';
import type { Template } from './template.ts';

/** How the ids of made rows are spelled; the sides in memory and the statements agree on it. */
const internalId = `'inv_' || c || '_' || n`;
const quickbooksId = `(1000 + n)::text`;
/** An id of ours that can be told again from what it belongs to. */
const idOf = (kind: string, what: string): string => `md5('${kind} ' || ${what})::uuid`;
const linkId = idOf('link', `c || ' ' || n`);
const companyId = idOf('company', 'c');

const columnsOf = async (pool: pg.Pool, name: string): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [name],
  );
  return rows.map((row) => row.name);
};

/** A statement's SELECT list: the template's columns, with those that differ replaced. */
async function like(
  pool: pg.Pool,
  table: string,
  other: Readonly<Record<string, string>>,
): Promise<{ readonly into: string; readonly values: string }> {
  const columns = await columnsOf(pool, table);
  const into = `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')})`;
  const values = columns.map((name) => other[name] ?? `t."${name}"`).join(', ');
  return { into, values };
}

/** Companies 1 to `count` like the template's, connected to realms of their own, polled and reconciled in a year. */
export async function cloneCompanies(
  pool: pg.Pool,
  template: Template,
  count: number,
): Promise<void> {
  const each = `FROM generate_series(1, ${count}) AS c`;
  const of = async (table: string, other: Readonly<Record<string, string>>, more = '') => {
    const key = table === 'company' ? 'id' : 'company_id';
    const { into, values } = await like(pool, table, { [key]: companyId, ...other });
    await pool.query(
      `${into} SELECT ${values} ${each}, ${table} AS t WHERE t.${key} = $1 ${more}`,
      [template.companyId],
    );
  };
  await of('company', {
    name: `'Company ' || c`,
    realm_id: `(9130000000100000 + c)::text`,
    reconcile_due_at: `clock_timestamp() + interval '1 year'`,
  });
  await of('quickbooks_credential', {});
  await of('watermark', {});
  await of('reference', { id: idOf('reference', `c || t.id`) });
  await of('decision_context', {});
}

/**
 * Links 1 to `perCompany` of each of the companies, in sync, with what was seen of both sides. What the engine compares and
 * sends is theirs; the rest is the template's, and so are all documents where `isWorked` is false, which takes a third of
 * the time and makes rows of the same size.
 */
export async function cloneLinks(
  pool: pg.Pool,
  template: Template,
  companies: readonly number[],
  perCompany: number,
  isWorked = true,
): Promise<void> {
  const internalSeen = idOf('internal', `c || ' ' || n`);
  const quickbooksSeen = idOf('quickbooks', `c || ' ' || n`);
  const content = `jsonb_set(jsonb_set(t.content, '{id}', to_jsonb(${quickbooksId})), '{counterpartId}', to_jsonb(${internalId}))`;
  const raw = `jsonb_set(jsonb_set(t.raw, '{Id}', to_jsonb(${quickbooksId})), '{PrivateNote}', to_jsonb('LedgerBridge ' || ${internalId}))`;
  const link = await like(pool, 'link', {
    id: linkId,
    company_id: companyId,
    internal_id: internalId,
    quickbooks_id: quickbooksId,
    number: `'INV-' || n`,
    internal_observation_id: internalSeen,
    quickbooks_observation_id: quickbooksSeen,
    changed_at: `clock_timestamp() - n * interval '1 second'`,
  });
  const observation = await like(pool, 'observation', {
    id: `CASE t.side WHEN 'INTERNAL' THEN ${internalSeen} ELSE ${quickbooksSeen} END`,
    company_id: companyId,
    link_id: linkId,
    external_id: `CASE t.side WHEN 'INTERNAL' THEN ${internalId} ELSE ${quickbooksId} END`,
    ...(isWorked
      ? {
          content: `CASE t.side WHEN 'INTERNAL' THEN t.content ELSE ${content} END`,
          raw: `CASE t.side WHEN 'INTERNAL' THEN t.raw ELSE ${raw} END`,
        }
      : {}),
  });
  // Both in one statement: each refers to the other, and references are checked when a statement ends.
  const each = `FROM unnest($2::int[]) AS c CROSS JOIN generate_series(1, $3) AS n`;
  await unchecked(
    pool,
    `WITH links AS (${link.into} SELECT ${link.values} ${each} CROSS JOIN link AS t WHERE t.id = $1)
     ${observation.into} SELECT ${observation.values} ${each} CROSS JOIN observation AS t
     WHERE t.link_id = $1 AND t.id IN (SELECT unnest(ARRAY[internal_observation_id, quickbooks_observation_id]) FROM link WHERE id = $1)`,
    [template.linkId, [...companies], perCompany],
  );
}

/** What is made is right by construction: references are not checked row by row, where the user may leave that out. */
async function unchecked(
  pool: pg.Pool,
  statement: string,
  values: readonly unknown[],
): Promise<readonly unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0; SET synchronous_commit = off');
    const { rows } = await client.query<{ may: boolean }>(
      `SELECT rolsuper AS may FROM pg_roles WHERE rolname = current_user`,
    );
    if (rows[0]?.may === true) await client.query('SET session_replication_role = replica');
    const done = await client.query(statement, [...values]);
    return done.rows;
  } finally {
    client.release(true);
  }
}

/** The company ids that `cloneCompanies` gives. */
export async function clonedCompanies(pool: pg.Pool, count: number): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT ${companyId} AS id FROM generate_series(1, $1::int) AS c`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/**
 * Gives each settled link of the companies that has none an event that waits for the worker, as `ingest` and
 * `resolveSubjects` leave it: stored under its key, resolved to its link, announced, due. Returns how many.
 */
export async function makeDue(pool: pg.Pool, round: string, limit: number): Promise<number> {
  const rows = await unchecked(pool, due, [round, limit]);
  return z.array(z.object({ made: z.int() })).parse(rows)[0]?.made ?? 0;
}

const due = `
WITH chosen AS (
  SELECT id, company_id, internal_id, next_sequence FROM link
  WHERE due_at IS NULL AND claim_epoch IS NULL AND status = 'IN_SYNC' AND internal_id LIKE 'inv\\_%\\_%'
  ORDER BY md5(internal_id || $1) LIMIT $2
),
told AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id,
    subject_invoice_id, link_id, sequence, stage, stage_history, actor, occurred_at, received_at, available_at, correlation_id, payload)
  SELECT gen_random_uuid(), company_id, 'INVOICING_WEBHOOK', 'msg_' || $1 || internal_id, 'TO_QUICKBOOKS', 'UPDATED', 'INTERNAL', 'invoice',
    internal_id, internal_id, id, next_sequence, 'QUEUED',
    jsonb_build_array(
      jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
      jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL)),
    '{"kind": "side", "side": "internal", "name": "internal invoicing"}', clock_timestamp(), clock_timestamp(), clock_timestamp(),
    gen_random_uuid()::text, jsonb_build_object('type', 'invoice.updated', 'data', jsonb_build_object('invoiceId', internal_id))
  FROM chosen
  RETURNING id, company_id, link_id, correlation_id
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, link_id, 'STAGE_CHANGED', 'An invoice was changed in internal invoicing.',
    jsonb_build_object('eventId', id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', NULL), clock_timestamp(), correlation_id
  FROM told
),
made AS (
  UPDATE link SET due_at = clock_timestamp(), changed_at = clock_timestamp(), version = link.version + 1,
    next_sequence = link.next_sequence + 1, status_reason = 'A change is waiting for its turn.'
  FROM chosen WHERE link.id = chosen.id RETURNING 1
)
SELECT count(*)::int AS made FROM made`;
