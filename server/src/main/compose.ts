import type pg from 'pg';
import { createGuard, guardedPost, type Guard } from '#adapters/invoicing-http/guarded-lookup.ts';
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
import { createCourier } from '#adapters/notifications/courier.ts';
import { mailCourier } from '#adapters/notifications/mail.ts';
import { webhookCourier } from '#adapters/notifications/webhook.ts';
import { createNotifications } from '#adapters/postgres/notifications.ts';
import { globalId } from '#graphql/global-id.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { Teller } from '#sync/tell-people.ts';
import type { Config } from './config.ts';
import { noticeAddress } from './notice-address.ts';

/** Ports put together, the same for every process. */
export type Composition = {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly companies: ReturnType<typeof createCompanies>;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly oauth: ReturnType<typeof createQuickBooksOAuth>;
  readonly administration: AdministrationDesk;
  readonly revocations: Revocations;
  readonly notifications: Pick<Teller, 'notifications' | 'courier' | 'address'>;
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
  const paceOf = createPaces(counts);
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
  return {
    pool,
    engine,
    companies: createCompanies(pool, secrets, systemIds),
    credentials,
    oauth,
    administration,
    revocations: createRevocations(pool, secrets, systemIds),
    notifications: notificationsOf(config, pool, secrets, guard),
  };
}

/** Calls of one company share one pace in this process. */
function createPaces(counts: CallCounts): (companyId: CompanyId) => CompanyPace {
  const paces = new Map<CompanyId, CompanyPace>();
  return (companyId) => {
    const pace = paces.get(companyId) ?? createPace({ clock: systemClock, counts });
    paces.set(companyId, pace);
    return pace;
  };
}

function notificationsOf(
  { mail, publicUrl }: Config,
  pool: pg.Pool,
  secrets: Secrets,
  guard: Guard | null,
): Composition['notifications'] {
  const mailing = mail === null ? null : mailCourier(mail.smtpUrl, mail.from);
  const posting = webhookCourier({
    post: guardedPost(guard),
    clock: systemClock,
    companyIdOf: (id) => globalId('Company', id),
  });
  return {
    notifications: createNotifications({ pool, secrets, ids: systemIds, canMail: mail !== null }),
    courier: createCourier(mailing, posting),
    address: noticeAddress(publicUrl),
  };
}

function realmOf(company: Company): string {
  if (company.realmId === null)
    throw new Error(`company ${company.id} is active without a QuickBooks company`);
  return company.realmId;
}
