import type pg from 'pg';
import { toCompanyId, toCorrelationId } from '#core/brand.ts';
import { neededReferences } from '#core/mapping/translate.ts';
import {
  planningPhases,
  wordsForPass,
  type LeftOut,
  type LeftOutCount,
} from '#core/onboarding/planning-pass.ts';
import type { Feed } from '#ports/feed.ts';
import type {
  AlikeDocuments,
  DocumentToPlan,
  Planning,
  PlanningDocument,
  PlanningPass,
  StrayPair,
} from '#ports/planning.ts';
import type { Lease } from '#ports/store.ts';
import { findRulesInForce } from './field-policies.ts';
import { toldAs } from './ingest.ts';
import {
  beginPass,
  countLeftOut,
  countPlanned,
  countUnplanned,
  handOverDocuments,
  keepSnapshot,
  leaveOut,
  movePass,
  pairDocuments,
  putOffPass,
  restPass,
  selectAlike,
  selectCustomers,
  selectToPlan,
  settleApproved,
  stageDocuments,
  storePassReferences,
  storeSuggestions,
  takeUp,
} from './planning-statements.ts';
import { storedInvoice } from './row.ts';

/** A query, and a statement of a pass that we hold and that may tell the stream something. */
type Statements = {
  readonly rows: <Row extends object>(
    sql: string,
    values: readonly unknown[],
  ) => Promise<readonly Row[]>;
  readonly held: <Row extends object>(
    lease: Lease,
    pass: PlanningPass,
    sql: string,
    ...more: readonly unknown[]
  ) => Promise<readonly Row[]>;
};

/** The rows of planning passes on PostgreSQL. */
export function createPlanning(pool: pg.Pool, feed: Feed): Planning {
  const rows = async <Row extends object>(
    sql: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> => (await pool.query<Row>(sql, [...values])).rows;
  const held = async <Row extends object>(
    lease: Lease,
    pass: PlanningPass,
    sql: string,
    ...more: readonly unknown[]
  ): Promise<readonly Row[]> => {
    const found = await rows<Row>(sql, [pass.id, lease.epoch.toString(), ...more]);
    feed.announce();
    return found;
  };
  const statements = { rows, held };
  return {
    ...passes(pool, feed, statements),
    ...matching(statements),
    ...handingOver(statements),
    keep: (lease, pass, leftOut) => keep(pool, feed, lease, pass, leftOut),
    settleApproved: async ({ companyId, epoch }, linkId, outcome, correlationId) => {
      const because = outcome.kind === 'anew' ? outcome.because : null;
      const values = [companyId, epoch.toString(), linkId, because, correlationId];
      await rows(settleApproved, values);
      feed.announce();
    },
  };
}

/** A pass taken up, moved on and put off. */
const passes = (
  pool: pg.Pool,
  feed: Feed,
  { rows, held }: Statements,
): Pick<Planning, 'next' | 'rulesInForce' | 'begin' | 'moveTo' | 'rest' | 'putOff'> => ({
  next: async ({ companyId, epoch }) => {
    const [row] = await rows<PassRow>(takeUp, [companyId, epoch.toString()]);
    if (row === undefined) return null;
    feed.announce();
    return passOf(row);
  },
  rulesInForce: (companyId) => findRulesInForce(pool, companyId),
  begin: async (lease, pass, terms) => void (await held(lease, pass, beginPass, terms)),
  moveTo: async (lease, pass, { phase, cursor }) =>
    void (await held(lease, pass, movePass, phase, cursor)),
  rest: async (lease, pass, ms) => void (await held(lease, pass, restPass, ms)),
  putOff: async (lease, pass, ms, gaveUp) => void (await held(lease, pass, putOffPass, ms, gaveUp)),
});

/** Documents staged, paired and suggested. */
const matching = ({
  rows,
  held,
}: Statements): Pick<
  Planning,
  'stage' | 'customers' | 'storeReferences' | 'pair' | 'alike' | 'suggest'
> => ({
  stage: async (lease, pass, documents, { phase, cursor }) => {
    const staged = JSON.stringify(documents.map(documentRow));
    await held(lease, pass, stageDocuments, staged, phase, cursor);
  },
  customers: async (pass, after, limit) => {
    const values = [pass.id, pass.companyId, after ?? '', limit];
    const found = await rows<{ content: unknown }>(selectCustomers, values);
    return found.flatMap(({ content }) =>
      neededReferences(storedInvoice.parse(content)).filter(({ kind }) => kind === 'CUSTOMER'),
    );
  },
  storeReferences: async (lease, pass, references, { phase, cursor }) => {
    await held(lease, pass, storePassReferences, JSON.stringify(references), phase, cursor);
  },
  pair: async (lease, pass, limit) => {
    const [row] = await held<PairedRow>(lease, pass, pairDocuments, limit);
    return { paired: row?.paired ?? 0, strays: row?.strays ?? [] };
  },
  alike: async (pass, after, limit) => {
    const found = await rows<AlikeRow>(selectAlike, [pass.id, after ?? '', limit]);
    const ids = new Set(found.map((row) => row.external_id));
    return {
      pairs: found.flatMap(alikeOf),
      last: ids.size < limit ? null : (found.at(-1)?.external_id ?? null),
    };
  },
  suggest: async (lease, pass, suggestions, alike, { phase, cursor }) => {
    const stored = [JSON.stringify(suggestions), JSON.stringify(alike)];
    await held(lease, pass, storeSuggestions, ...stored, phase, cursor);
  },
});

/** What the main path plans, and how far it is. */
const handingOver = ({
  rows,
  held,
}: Statements): Pick<Planning, 'toPlan' | 'handOver' | 'unplanned' | 'leftOut'> => ({
  toPlan: async (lease, pass, limit) => {
    await held(lease, pass, leaveOut);
    const found = await held<ToPlanRow>(lease, pass, selectToPlan, limit);
    return found.map(toPlanOf);
  },
  handOver: async (lease, pass, events) => {
    await rows(handOverDocuments, [toldAs(events), pass.id, lease.epoch.toString()]);
  },
  unplanned: async (pass) => {
    const [row] = await rows<{ left: number }>(countUnplanned, [pass.id]);
    return row?.left ?? 0;
  },
  leftOut: (pass) => rows<LeftOutRow>(countLeftOut, [pass.id]),
});

/** While the lease is ours nothing else plans for the company, so that what is counted is what is kept. */
async function keep(
  pool: pg.Pool,
  feed: Feed,
  { epoch }: Lease,
  pass: PlanningPass,
  leftOut: readonly LeftOutCount[],
): Promise<number | null> {
  const counted = await pool.query<{ planned: number }>(countPlanned, [pass.companyId]);
  const summary = wordsForPass(counted.rows[0]?.planned ?? 0, leftOut);
  const values = [pass.id, epoch.toString(), JSON.stringify(leftOut), summary];
  const { rows } = await pool.query<{ write_count: number | null }>(keepSnapshot, values);
  feed.announce();
  return rows[0]?.write_count ?? null;
}

type PassRow = {
  readonly id: string;
  readonly company_id: string;
  readonly correlation_id: string;
  readonly phase: string;
  readonly cursor: string | null;
  readonly failures: number;
  readonly terms: string | null;
};

function passOf(row: PassRow): PlanningPass {
  const phase = planningPhases.find((known) => known === row.phase);
  if (phase === undefined)
    throw new Error(`a planning pass stands in no known phase: ${row.phase}`);
  return {
    id: row.id,
    companyId: toCompanyId(row.company_id),
    correlationId: toCorrelationId(row.correlation_id),
    phase,
    cursor: row.cursor,
    failures: row.failures,
    terms: row.terms,
  };
}

/** Only what is compared by, and the content, which goes when the pass ends. */
const documentRow = ({ side, id, invoice, existence }: PlanningDocument) => ({
  side: side.toUpperCase(),
  id,
  existence,
  number: invoice?.number ?? null,
  customerId: invoice?.customer.id ?? null,
  counterpartId: invoice?.counterpartId ?? null,
  currency: invoice?.currency ?? null,
  total: invoice?.derived.total ?? null,
  issueDate: invoice?.issueDate ?? null,
  content: invoice,
});

type PairedRow = { readonly paired: number; readonly strays: readonly StrayPair[] };
type LeftOutRow = { readonly reason: LeftOut; readonly count: number };
type AlikeRow = {
  readonly external_id: string;
  readonly internal: unknown;
  readonly quickbooks: unknown;
  readonly is_same_customer: boolean;
};

const alikeOf = (row: AlikeRow): readonly AlikeDocuments[] =>
  row.quickbooks === null
    ? []
    : [
        {
          internal: storedInvoice.parse(row.internal),
          quickbooks: storedInvoice.parse(row.quickbooks),
          isSameCustomer: row.is_same_customer,
        },
      ];

type ToPlanRow = {
  readonly side: 'INTERNAL' | 'QUICKBOOKS';
  readonly external_id: string;
  readonly existence: DocumentToPlan['existence'];
};

const toPlanOf = ({ side, external_id: id, existence }: ToPlanRow): DocumentToPlan => ({
  side: side === 'INTERNAL' ? 'internal' : 'quickbooks',
  id,
  existence,
});
