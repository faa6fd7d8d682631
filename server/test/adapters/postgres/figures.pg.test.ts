import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createFigures } from '#adapters/postgres/figures.ts';
import { createMetrics } from '#http/metrics.ts';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

const docs = path.resolve(import.meta.dirname, '../../../../docs');
const textOf = (file: string): string => readFileSync(path.join(docs, file), 'utf8');
const named = (text: string): readonly string[] => [
  ...new Set(text.match(/ledgerbridge_[a-z_]+/g)),
];
const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          annotations: z.object({ runbook_url: z.string() }),
        }),
      ),
    }),
  ),
});

test('every metric that the alert rules and the dashboard name is served, and every alert has its section in the runbook', async () => {
  const { pool } = await openStore();
  await pool.query(`INSERT INTO quickbooks_credential (company_id, access_token, refresh_token, access_expires_at, refresh_expires_at)
    SELECT id, '', '', clock_timestamp(), clock_timestamp() + interval '3 days' FROM company ON CONFLICT (company_id)
    DO UPDATE SET refresh_expires_at = excluded.refresh_expires_at`);
  const metrics = createMetrics(createFigures(pool));
  metrics.deliveryStarted('quickbooks')('bad-signature');
  const text = await metrics.text();
  expect(text).toContain('ledgerbridge_companies_active 1');
  expect(text).toMatch(/^ledgerbridge_token_expiry_seconds 259\d{3}/m);

  const alerts = textOf('monitoring/alerts.yaml');
  const wanted = named(alerts + textOf('monitoring/grafana-dashboard.json'));
  expect(wanted.length).toBeGreaterThan(12);
  for (const name of wanted) expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  const titles = rules.parse(parse(alerts)).groups.flatMap((group) => group.rules);
  expect(titles.length).toBeGreaterThan(9);
  for (const { alert, annotations } of titles) {
    expect(textOf('runbook.md')).toContain(`### ${alert}\n`);
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  }
});

test('a link whose worker stopped in the middle is told of while it waits, and an ordinary turn of a worker is not', async () => {
  const { store, pool, companyId, held } = await openStore();
  const figures = createFigures(pool);
  await store.ingest([eventAbout(companyId, 'inv-1')]);
  const first = await held();
  await store.resolveSubjects(first, 10);
  await store.releaseLease(first);
  const second = await held('worker', 1);
  await expect(figures()).resolves.toMatchObject({ pending_links: 1, links_interrupted: 0 });

  await pool.query(
    'UPDATE link SET claim_epoch = $1, claimed_at = clock_timestamp(), due_at = NULL',
    [second.epoch.toString()],
  );
  await pool.query("UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 second'");
  await held('another');
  await expect(figures()).resolves.toMatchObject({ pending_links: 1, links_interrupted: 1 });
});

test('figures that cannot be read are left out, not shown as zero', async () => {
  const metrics = createMetrics(() => Promise.reject(new Error('away')));
  const text = await metrics.text();
  expect(text).toContain('ledgerbridge_figures_read 0');
  expect(text).not.toMatch(/^ledgerbridge_conflicts_open/m);
});
