import { z } from 'zod';
import type { CompanyId } from '#core/brand.ts';
import type { Companies } from '#ports/companies.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';

/** What the demo's people need: where both simulators are, and what the bridge has done so far. */
export type DemoScene = {
  readonly companyId: CompanyId;
  readonly quickbooksUrl: string;
  readonly invoicingUrl: string;
  readonly realmId: string;
  readonly companies: Pick<Companies, 'importHistory' | 'newsOnItsWay'>;
  readonly clock: Clock;
  readonly log: Log;
};

const limits = {
  /** How long a year of the demo's books takes to cross, and news of a few invoices, at the most. */
  historyMs: 120_000,
  newsMs: 20_000,
  lookMs: 500,
  callMs: 10_000,
  /** QuickBooks tells of the bookkeeper's edit so late that the colleague's edit comes before it. */
  lateMs: 4_000,
  /** The stream of activity works on the last 12 open invoices of its own; older ones are left as they are. */
  recentOpen: 12,
} as const;

/** Dates of the demo: nothing of the year of books is in a closed period, and nothing is from before go-live. */
export function demoDates(today: Date): {
  readonly closedThrough: string;
  readonly goLive: string;
  readonly inClosedPeriod: string;
  readonly beforeGoLive: string;
} {
  const dayOf = (year: number, month: number, day: number): string =>
    new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
  const lastYear = today.getUTCFullYear() - 1;
  // Day 0 of a month is the last one of the month before; two months back leave room for the books' oldest invoice.
  const closed = new Date(Date.UTC(lastYear, today.getUTCMonth() - 1, 0));
  const [year, month] = [closed.getUTCFullYear(), closed.getUTCMonth()];
  return {
    closedThrough: dayOf(year, month, closed.getUTCDate()),
    inClosedPeriod: dayOf(year, month, 15),
    goLive: dayOf(year, 0, 1),
    beforeGoLive: dayOf(year - 1, 10, 20),
  };
}

const anInvoice = z.looseObject({
  id: z.string(),
  status: z.string(),
  externalRef: z.string().nullable(),
  customer: z.looseObject({ id: z.string() }),
  payments: z.array(z.unknown()),
});
const books = z.looseObject({
  invoices: z.array(z.union([anInvoice, z.looseObject({ deleted: z.literal(true) })])),
  items: z.array(z.looseObject({ id: z.string(), unitPrice: z.string().nullable() })),
});
const listed = z.object({
  invoices: z.array(z.object({ id: z.string(), mark: z.string().nullable(), isGone: z.boolean() })),
});
const sending = z.looseObject({ counts: z.looseObject({ left: z.number() }) });
const deed = z.looseObject({ id: z.string() });

type OwnInvoice = z.output<typeof anInvoice>;

/** The bookkeeper closes the books before the bridge looks at them for the first time. */
export async function closeOldBooks(quickbooksUrl: string, realmId: string): Promise<void> {
  const through = demoDates(new Date()).closedThrough;
  await call(`${quickbooksUrl}/_control/realms/${realmId}/human`, 'POST', z.unknown(), {
    action: 'close-books',
    through,
  });
}

/**
 * Shows a visitor what needs a person: one conflict, one dead letter and one drift. They are made by the people of both
 * simulators, by what people do; the bridge finds them as it finds any other.
 */
export async function makeExceptions(scene: DemoScene): Promise<void> {
  try {
    const [disputed, redated] = await settledInvoices(scene);
    if (disputed === undefined || redated === undefined) {
      scene.log.warn('the demo found no invoices to show a conflict and a dead letter with');
      return;
    }
    await disagree(scene, disputed);
    await mistypeYear(scene, redated.own.id);
    const late = await enterOldInvoice(scene, redated.own.customer.id);
    await newsArrived(scene, [disputed.own.id, redated.own.id, late]);
  } catch (error) {
    scene.log.warn('the demo could not show what needs a person', { cause: String(error) });
  }
  await sweepAgain(scene);
}

/**
 * The first sweep showed what was missing; this one proves both books equal, and finds what nobody brings across. One that is
 * under way is let end: its end puts the next day's on.
 */
async function sweepAgain({ companies, companyId, clock, log }: DemoScene): Promise<void> {
  const endsAt = clock.monotonicMs() + limits.historyMs;
  while (clock.monotonicMs() < endsAt) {
    if (await companies.importHistory(companyId)) return;
    await clock.wait(limits.lookMs);
  }
  log.warn('the second sweep of the demo could not be asked for');
}

type Settled = { readonly own: OwnInvoice; readonly quickbooksId: string };

/** Open, unpaid invoices born in internal invoicing that are across, oldest first, once the year of books is. */
async function settledInvoices(scene: DemoScene): Promise<readonly Settled[]> {
  const { clock, invoicingUrl } = scene;
  const endsAt = clock.monotonicMs() + limits.historyMs;
  for (;;) {
    const [{ invoices }, there] = await Promise.all([
      call(`${invoicingUrl}/_control/state`, 'GET', books),
      call(`${realmOf(scene)}/invoices`, 'GET', listed),
    ]);
    const own = invoices.flatMap((invoice) => anInvoice.safeParse(invoice).data ?? []);
    const born = there.invoices.filter(({ mark, isGone }) => mark === null && !isGone);
    const imported = own.filter(({ externalRef }) => externalRef !== null);
    if (imported.length >= born.length || clock.monotonicMs() > endsAt) {
      const counterparts = new Map(there.invoices.map(({ id, mark }) => [mark, id]));
      return own
        .filter(({ status, externalRef }) => status === 'open' && externalRef === null)
        .slice(0, -limits.recentOpen)
        .flatMap((one) => {
          const quickbooksId = counterparts.get(one.id);
          const isUnpaid = one.payments.length === 0;
          return isUnpaid && quickbooksId !== undefined ? [{ own: one, quickbooksId }] : [];
        });
    }
    await clock.wait(limits.lookMs);
  }
}

/** A bookkeeper and a colleague word the same field differently, neither knowing of the other. */
async function disagree(scene: DemoScene, { own, quickbooksId }: Settled): Promise<void> {
  const { quickbooksUrl } = scene;
  await call(`${quickbooksUrl}/_control/webhooks`, 'PUT', z.unknown(), { delayMs: limits.lateMs });
  await call(`${realmOf(scene)}/human`, 'POST', deed, {
    action: 'edit',
    entity: 'Invoice',
    id: quickbooksId,
    set: { CustomerMemo: { value: 'Delivered in full. Thank you!' } },
  });
  await act(scene, {
    action: 'edit',
    id: own.id,
    set: { customerMemo: 'The second part of the order follows next week.' },
  });
  await call(`${quickbooksUrl}/_control/webhooks`, 'PUT', z.unknown(), { delayMs: 0 });
}

/** A colleague mistypes the year of an invoice, and the books of that year are closed. */
const mistypeYear = (scene: DemoScene, id: string): Promise<string> =>
  act(scene, {
    action: 'edit',
    id,
    set: { issueDate: demoDates(new Date()).inClosedPeriod },
  });

/** A colleague enters an old invoice late, paid long ago: it is dated before the bridge took over. */
async function enterOldInvoice(scene: DemoScene, customerId: string): Promise<string> {
  const { items } = await call(`${scene.invoicingUrl}/_control/state`, 'GET', books);
  const [item] = items.filter(({ unitPrice }) => unitPrice !== null);
  if (item === undefined) throw new Error('internal invoicing sells nothing');
  const date = demoDates(new Date()).beforeGoLive;
  const lines = [
    { item: { id: item.id }, quantity: '1', unitPrice: item.unitPrice, taxCode: 'NON' },
  ];
  const id = await act(scene, {
    action: 'create',
    invoice: { customer: { id: customerId }, issueDate: date, dueDate: date, lines },
  });
  await act(scene, { action: 'pay', id, amount: item.unitPrice, date });
  return id;
}

/** Waits until the bridge was told of those invoices and has done with them. */
async function newsArrived(
  { companies, companyId, clock, quickbooksUrl, invoicingUrl }: DemoScene,
  internalIds: readonly string[],
): Promise<void> {
  const endsAt = clock.monotonicMs() + limits.newsMs;
  // The late notice is out first of all.
  await clock.wait(limits.lateMs);
  while (clock.monotonicMs() < endsAt) {
    const untold = await Promise.all(
      [quickbooksUrl, invoicingUrl].map((url) => call(`${url}/_control/webhooks`, 'GET', sending)),
    );
    if (
      untold.every(({ counts }) => counts.left === 0) &&
      !(await companies.newsOnItsWay(companyId, internalIds))
    )
      return;
    await clock.wait(limits.lookMs);
  }
}

const realmOf = ({ quickbooksUrl, realmId }: DemoScene): string =>
  `${quickbooksUrl}/_control/realms/${realmId}`;

async function act({ invoicingUrl }: DemoScene, action: object): Promise<string> {
  return (await call(`${invoicingUrl}/_control/human`, 'POST', deed, action)).id;
}

async function call<Answer>(
  url: string,
  method: 'GET' | 'POST' | 'PUT',
  shape: z.ZodType<Answer>,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    signal: AbortSignal.timeout(limits.callMs),
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return shape.parse(await answer.json());
}
