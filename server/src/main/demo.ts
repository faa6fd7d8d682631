import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import type { Log } from '#ports/log.ts';
import type { Composition } from './compose.ts';
import type { Config } from './config.ts';
import { closeOldBooks, demoDates, makeExceptions } from './demo-exceptions.ts';

/** What the simulators are built with (http.md §5, §6). */
const invoicingToken = 'simulator-invoicing-token';
const webhookSecret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;
const realmId = '9130000000000001';
const upMsMax = 30_000;

/**
 * What makes the demo believable: QuickBooks takes its time, and now and then loses an answer, fails or asks to slow down.
 * The first rule that fires wins.
 */
const demoFaults = [
  { match: { operation: 'create', entity: 'Invoice', probability: 0.03 }, effect: 'drop-after' },
  {
    match: { operation: 'update', entity: 'Invoice', probability: 0.04 },
    effect: 'fault-after',
    params: { status: 503 },
  },
  {
    match: { operation: 'update', entity: 'Invoice', probability: 0.04 },
    effect: 'status',
    params: { status: 503, body: 'html' },
  },
  { match: { operation: 'create' }, effect: 'latency', params: { ms: 700 } },
  { match: { operation: 'update' }, effect: 'latency', params: { ms: 500 } },
  { match: { operation: 'read' }, effect: 'latency', params: { ms: 250 } },
] as const;

const redirected = z.object({ code: z.string(), realmId: z.string() });

/** Waits until a simulator answers at all. */
export async function waitUntilUp(url: string, name: string): Promise<void> {
  const endsAt = performance.now() + upMsMax;
  for (;;) {
    try {
      await fetch(url, { redirect: 'manual' });
      return;
    } catch (error) {
      if (performance.now() > endsAt)
        throw new Error(`the ${name} simulator did not come up at ${url}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function control(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

/** The demo company, made at the first start and connected to both simulators; later starts find it as it was. */
export async function connectDemo(
  config: Config,
  { companies, credentials, oauth, engine }: Composition,
  log: Log,
): Promise<void> {
  if (await companies.hasForeign())
    throw new Error(
      'this database holds a company that the demo did not make; set LEDGERBRIDGE_DEMO=0',
    );
  const { quickbooksUrl, invoicingUrl, activityPerMinute } = config.simulators;
  const isLively = activityPerMinute > 0;
  const existing = await companies.demo();
  const id = existing?.id ?? toCompanyId(engine.ids.next());
  if (existing === null) {
    await companies.create({
      id,
      name: 'Acme Books',
      demo: true,
      mode: 'LIVE',
      goLiveDate: isLively ? demoDates(new Date()).goLive : null,
      invoicingBaseUrl: invoicingUrl,
      invoicingToken,
      invoicingWebhookSecret: webhookSecret,
    });
  }
  if (existing?.connected !== true) {
    if (isLively) await closeOldBooks(quickbooksUrl, realmId);
    const { code, realmId: realm } = await consent(
      `${oauth.authorizationUrl('demo')}&auto=1&realm=${realmId}`,
    );
    await credentials.store(id, await oauth.exchange(code, realm));
    await companies.connect(id, {
      realmId: realm,
      environment: config.quickbooks.environment,
      apiBaseUrl: config.quickbooks.apiBaseUrl,
    });
    // The books of a year cross first, so that the totals of both sides can be proven equal from then on.
    if (isLively) await companies.importHistory(id);
  }
  await control(`${quickbooksUrl}/_control/webhooks`, {
    url: `${config.publicUrl}/webhooks/quickbooks`,
    verifierToken: config.quickbooks.webhookVerifier,
    format: 'cloudevents',
  });
  await control(`${invoicingUrl}/_control/webhooks`, {
    url: `${config.publicUrl}/webhooks/invoicing/${id}`,
    secret: webhookSecret,
  });
  if (isLively) await control(`${quickbooksUrl}/_control/faults`, { rules: demoFaults });
  await control(`${invoicingUrl}/_control/activity`, { perMinute: activityPerMinute });
  log.info('the demo company is connected', { companyId: id });
  if (isLively && existing?.connected !== true)
    void makeExceptions({
      companyId: id,
      quickbooksUrl,
      invoicingUrl,
      realmId,
      companies,
      clock: engine.clock,
      log,
    });
}

/** The simulator's consent page answers at once when asked with auto=1. */
async function consent(url: string): Promise<z.output<typeof redirected>> {
  const answer = await fetch(url, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null)
    throw new Error(`the consent page answered ${answer.status} without a way back`);
  return redirected.parse(Object.fromEntries(new URL(location).searchParams));
}
