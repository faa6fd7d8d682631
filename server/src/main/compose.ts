import type pg from 'pg';
import { createGuard } from '#adapters/invoicing-http/guarded-lookup.ts';
import { createInvoicingSystem } from '#adapters/invoicing-http/invoicing-system.ts';
import { invoicingSpelling } from '#adapters/invoicing-http/spelling.ts';
import { createAuthorizations } from '#adapters/postgres/authorizations.ts';
import { createCallCounts } from '#adapters/postgres/call-counts.ts';
import { createCompanies } from '#adapters/postgres/companies.ts';
import { createCredentials } from '#adapters/postgres/credentials.ts';
import { createFeed } from '#adapters/postgres/feed.ts';
import { createPlanning } from '#adapters/postgres/planning.ts';
import { createPool } from '#adapters/postgres/pool.ts';
import { createReconciles } from '#adapters/postgres/reconciles.ts';
import { createRevocations } from '#adapters/postgres/revocations.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { createWatermarks } from '#adapters/postgres/watermarks.ts';
import { createAccountingSystem } from '#adapters/quickbooks/accounting-system.ts';
import { createQuickBooksOAuth } from '#adapters/quickbooks/oauth.ts';
import { createPace, type CompanyPace } from '#adapters/quickbooks/pace.ts';
import { quickBooksSpelling } from '#adapters/quickbooks/spelling.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { systemDigest, systemIds } from '#adapters/system/ids.ts';
import { createSecrets } from '#adapters/system/secrets.ts';
import type { CompanyId } from '#core/brand.ts';
import type { Company } from '#core/company/company.ts';
import type { Log } from '#ports/log.ts';
import type { Revocations } from '#ports/revocations.ts';
import type { Sides } from '#ports/sides.ts';
import type { AdministrationDesk } from '#sync/change-request.ts';
import type { Engine } from '#sync/crossing.ts';
import type { Config } from './config.ts';

/** Ports put together, the same for every process. */
export type Composition = {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly companies: ReturnType<typeof createCompanies>;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly oauth: ReturnType<typeof createQuickBooksOAuth>;
  readonly administration: AdministrationDesk;
  readonly revocations: Revocations;
};

/** Puts adapters behind ports; nothing else in the program knows which ones serve. */
export function compose(config: Config, databaseUrl: string, log: Log): Composition {
  const pool = createPool(databaseUrl, log);
  const secrets = createSecrets(config.secretKey, config.secretKeyPrevious);
  const credentials = createCredentials(pool, secrets);
  const { quickbooks } = config;
  const oauth = createQuickBooksOAuth({
    ...quickbooks,
    redirectUri: `${config.publicUrl}/oauth/quickbooks/callback`,
    clock: systemClock,
  });
  const counts = createCallCounts(pool);
  const paces = new Map<CompanyId, CompanyPace>();
  const paceOf = (companyId: CompanyId): CompanyPace => {
    const pace = paces.get(companyId) ?? createPace({ clock: systemClock, counts });
    paces.set(companyId, pace);
    return pace;
  };
  const guard = config.allowPrivateAddresses ? null : createGuard();
  const sides: Sides = {
    spelling: quickBooksSpelling,
    invoicingSpelling,
    accounting: (company, lease) =>
      createAccountingSystem({
        companyId: company.id,
        realmId: realmOf(company),
        credentials,
        apiBaseUrl: quickbooks.apiBaseUrl,
        oauth,
        clock: systemClock,
        pace: paceOf(company.id).under(lease),
        homeCurrency: company.facts?.homeCurrency ?? null,
      }),
    invoicing: async (company) =>
      createInvoicingSystem({
        ...(await credentials.invoicing(company.id)),
        guard,
        clock: systemClock,
      }),
  };
  const feed = createFeed(pool, log);
  const engine: Engine = {
    store: createStore(pool, feed, systemIds),
    watermarks: createWatermarks(pool, feed),
    counts,
    reconciles: createReconciles(pool, feed),
    planning: createPlanning(pool, feed),
    sides,
    clock: systemClock,
    ids: systemIds,
    digest: systemDigest,
    log,
    commitWaitMs: config.commitWaitMs,
    pollEveryMs: config.pollEveryMs,
    monthlyReads: config.monthlyReads,
    leaseMs: config.leaseMs,
  };
  const administration: AdministrationDesk = {
    secrets,
    clock: systemClock,
    allowPrivateAddresses: config.allowPrivateAddresses,
    demo: config.demo,
    authorizations: createAuthorizations({ pool, secrets, ids: systemIds, feed }),
    consentUrl: (state) => oauth.authorizationUrl(state),
  };
  const revocations = createRevocations(pool, secrets, systemIds);
  const companies = createCompanies(pool, secrets, systemIds);
  return { pool, engine, companies, credentials, oauth, administration, revocations };
}

function realmOf(company: Company): string {
  if (company.realmId === null)
    throw new Error(`company ${company.id} is active without a QuickBooks company`);
  return company.realmId;
}
