import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import { compose } from '#main/compose.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { configOf, quiet } from '../harness/bridge.ts';
import { cloneCompanies, clonedCompanies, cloneLinks } from '../harness/clone.ts';
import { createListedSides } from '../harness/listed-sides.ts';
import { certain } from '../harness/rounds.ts';
import { atMost, type Row } from '../harness/row.ts';
import { crossOne } from '../harness/template.ts';

const invoices = 10_000;
const turnsMax = 20;

const run = z.object({
  status: z.string(),
  compared: z.number(),
  matched: z.number(),
  drifts: z.number(),
  tookMs: z.number().nullable(),
});

export const reads: Row = {
  number: '3',
  name: 'reads',
  title: 'QuickBooks reads to reconcile 10,000 invoices that agree',
  method:
    'The full sweep of one company with 10,000 linked invoices; both sides list them page by page in this process, through the real adapters. Every call to QuickBooks is counted, whatever it asks for.',
  measure: async (stage) => {
    const databaseUrl = await stage.database();
    const template = await crossOne(databaseUrl);
    const composition = compose(configOf(template.environment), databaseUrl, quiet);
    const { pool } = composition;
    try {
      await cloneCompanies(pool, template, 1);
      await cloneLinks(pool, template, [1], invoices);
      await pool.query('VACUUM ANALYZE');
      const [id] = await clonedCompanies(pool, 1);
      if (id === undefined) throw new Error('no company was made');
      const { sides, asked } = createListedSides(template, composition, invoices);
      const engine = { ...composition.engine, sides };
      await pool.query('UPDATE company SET reconcile_due_at = clock_timestamp() WHERE id = $1', [
        id,
      ]);
      const { signal } = new AbortController();
      for (let turn = 0; turn < turnsMax; turn += 1)
        if ((await drainCompany(engine, toCompanyId(id), 'bench', signal)) !== 'work-left') break;
      const { rows } = await pool.query(
        `SELECT status, compared, matched, drift_count AS drifts,
           (extract(epoch FROM finished_at - started_at) * 1000)::float8 AS "tookMs"
         FROM reconcile_run WHERE trigger <> 'POLL' ORDER BY started_at DESC LIMIT 1`,
      );
      const done = run.parse(rows[0]);
      if (done.status !== 'CLEAN' || done.matched !== invoices)
        throw new Error(`the sweep did not find agreement: ${JSON.stringify(done)}`);
      return [
        {
          what: 'QuickBooks reads to reconcile 10,000 agreeing invoices',
          goal: atMost(12),
          value: certain(asked.length),
          unit: '',
          detail: `${done.compared.toLocaleString('en-US')} compared, none drifted, ${((done.tookMs ?? 0) / 1_000).toFixed(1)} s`,
        },
      ];
    } finally {
      await pool.end();
    }
  },
};
