import { recordsUsed } from '#core/mapping/translate.ts';
import { importedFrom, planImport } from '#core/plan/plan-import.ts';
import type { StageMark } from '#core/event/stage.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import type { Reference } from '#core/mapping/reference.ts';
import { unreachable } from '#core/unreachable.ts';
import type { LinkId } from '#core/brand.ts';
import type { StoredSeen } from '#ports/store.ts';
import { keyedAsSent, makerOf } from './as-meant.ts';
import { nameOf, withNumber, type Crossing } from './crossing.ts';
import { wantingIn } from './decide.ts';
import { importDecisionOf } from './decision.ts';
import { arrivalOf, findImported, foundAs } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { callOptions, observationOf, type Observed } from './observe.ts';
import { importPlanOf, missingNow, settleApproved } from './link-plan.ts';
import { doubtAfterRestore } from './made-before-restore.ts';
import { makeMissing, stopAt } from './obstacles.ts';
import { isPausedTowards, waitForRestart } from './paused.ts';
import { auditOf, markNow, record, statusMoved, type StepParts } from './record.ts';
import { adopt } from './settle-write.ts';
import { skip } from './skip.ts';
import { held, stop } from './stop.ts';
import { internallyNamed, type Translated } from './translate-sides.ts';
import { writePlanned } from './write-planned.ts';

/** An invoice of QuickBooks that no internal one is paired with, as it was seen. */
type Unpaired = {
  readonly observed: Observed;
  readonly quickbooks: StoredSeen;
  readonly marks: readonly StageMark[];
};

/**
 * One attempt for an invoice that only QuickBooks told of: first whose it is, since our own creates come back as news too;
 * then whether it is made in internal invoicing, which happens once (architecture.md §3, "Uncertain").
 */
export async function crossUnpaired(crossing: Crossing, observed: Observed): Promise<void> {
  const { quickbooks } = observed;
  if (quickbooks === null)
    return skip(
      crossing,
      [],
      'QuickBooks has no such invoice, and internal invoicing never had it.',
    );
  const named = withNumber(crossing, quickbooks.invoice.number);
  const unpaired = { observed, quickbooks, marks: [markNow(named, 'MAPPED')] };
  if (await isSomebodys(named, unpaired)) return;
  return importInvoice(named, unpaired);
}

/** Whether an internal invoice claims it, by the marker in QuickBooks or the reference in internal invoicing. */
async function isSomebodys(crossing: Crossing, unpaired: Unpaired): Promise<boolean> {
  const { counterpartId } = unpaired.quickbooks.invoice;
  return counterpartId === null
    ? isImportedAlready(crossing, unpaired)
    : isMarked(crossing, unpaired, counterpartId);
}

async function isMarked(
  crossing: Crossing,
  unpaired: Unpaired,
  internalId: string,
): Promise<boolean> {
  const { engine, company } = crossing;
  const own = await engine.store.linkOfInternal(company.id, internalId);
  if (own !== null) {
    await joinOwn(crossing, unpaired, own, internalId);
    return true;
  }
  const found = await crossing.invoicing.readInvoice(internalId, callOptions(crossing));
  if (!found.ok) await fileFailure(crossing, found.failure, keptOf(unpaired), 'internal');
  else if ('gone' in found.value)
    await skip(
      crossing,
      unpaired.marks,
      `It carries the mark of ${internalId}, which internal invoicing no longer has; it is left alone.`,
      keptOf(unpaired),
    );
  else await pairUp(crossing, unpaired, internalId, `it carries the mark of ${internalId}`);
  return true;
}

/** An earlier import whose end was never heard of: a lost answer, or a database from before it. */
async function isImportedAlready(crossing: Crossing, unpaired: Unpaired): Promise<boolean> {
  if (!crossing.company.settings.importFromQuickbooks) return false;
  const found = await findImported(crossing);
  if (!found.ok) {
    await fileFailure(crossing, found.failure, keptOf(unpaired), 'internal');
    return true;
  }
  const [seen] = found.value;
  if (seen === undefined) return false;
  const { id } = seen.invoice;
  const own = await crossing.engine.store.linkOfInternal(crossing.company.id, id);
  const because = `internal invoicing has it as ${id}, made of it before`;
  if (own === null) await pairUp(crossing, unpaired, id, because);
  else await joinOwn(crossing, unpaired, own, id);
  return true;
}

const keptOf = ({ observed }: Unpaired) => ({ observations: observed.fresh });

/** Hands the news over to the link that the invoice belongs to; one that has another counterpart keeps it. */
async function joinOwn(
  crossing: Crossing,
  unpaired: Unpaired,
  own: { readonly id: LinkId; readonly quickbooksId: string | null },
  internalId: string,
): Promise<void> {
  const { engine, lease, correlationId } = crossing;
  const { id } = unpaired.quickbooks.invoice;
  if (own.quickbooksId !== null && own.quickbooksId !== id)
    return skip(
      crossing,
      unpaired.marks,
      `It carries the mark of ${internalId}, which is paired with ${own.quickbooksId}: it looks like a copy, and is left alone.`,
      keptOf(unpaired),
    );
  const because = `${nameOf(crossing)} of QuickBooks (${id}) is ${internalId} of internal invoicing.`;
  await engine.store.joinLinks(lease, {
    intoId: own.id,
    quickbooksId: id,
    because,
    correlationId,
  });
}

/** The two are one; what the events want is planned at once, on both sides as they stand. */
async function pairUp(
  crossing: Crossing,
  unpaired: Unpaired,
  internalId: string,
  because: string,
): Promise<void> {
  const note = `It is ${internalId} of internal invoicing: ${because}.`;
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    ...keptOf(unpaired),
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    link: { internalId, statusReason: note, release: { dueInMs: 0 } },
    audit: [
      auditOf(crossing, 'LINK_CHANGED', `${nameOf(crossing)}: ${note}`, [
        { path: 'internalId', side: null, before: null, after: internalId },
      ]),
      statusMoved(crossing, 'PENDING', note),
    ],
  });
}

/**
 * Whether an internal invoice is one of QuickBooks that was imported, though its link does not say so: then it is paired
 * with it, and never made in QuickBooks a second time.
 */
export async function isJoinedToOrigin(crossing: Crossing, internal: StoredSeen): Promise<boolean> {
  const { engine, lease, link, company, correlationId } = crossing;
  const quickbooksId = importedFrom(internal.invoice, company.realmId);
  if (link.quickbooksId !== null || quickbooksId === null) return false;
  const paired = await engine.store.internalIdOf(company.id, quickbooksId);
  if (paired !== null) {
    await skip(
      crossing,
      [],
      `It was made of ${quickbooksId} of QuickBooks, which is paired with ${paired}; it is left alone.`,
      { observations: [observationOf(crossing, internal, 'internal')] },
    );
    return true;
  }
  const because = `${internal.invoice.number ?? internal.invoice.id} was imported from ${quickbooksId} of QuickBooks.`;
  const join = { intoId: link.id, quickbooksId, because, correlationId };
  if (!(await engine.store.joinLinks(lease, join))) return true;
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', because)],
    observations: [observationOf(crossing, internal, 'internal')],
    attempt: { endedAt: engine.clock.now(), outcome: 'SUCCEEDED' },
    link: { statusReason: because, release: { dueInMs: 0 } },
    audit: [statusMoved(crossing, 'PENDING', because)],
  });
  return true;
}

/**
 * A create in internal invoicing that was refused and done nonetheless, found by its reference: what it was decided on says
 * what is agreed, so that what internal invoicing filled in by itself is no difference (architecture.md §3, "Uncertain").
 */
export async function isRefusedImportAdopted(
  crossing: Crossing,
  internal: StoredSeen,
): Promise<boolean> {
  const { company, link } = crossing;
  const { base, refusedCreates, quickbooksId } = link;
  const refused = makerOf(crossing, refusedCreates, 'internal', internal);
  if (base !== null || refused?.side !== 'internal' || refused.quickbooksThen === null)
    return false;
  if (importedFrom(internal.invoice, company.realmId) !== quickbooksId) return false;
  const { decision, quickbooksThen } = refused;
  const seen = { raw: internal.raw, invoice: keyedAsSent(refused, internal).invoice };
  await adopt(
    crossing,
    { decision, internal: null, quickbooks: quickbooksThen.invoice },
    arrivalOf(refused, foundAs(seen)),
    `internal invoicing has it as ${internal.invoice.id}, though it had refused it.`,
  );
  return true;
}

async function importInvoice(crossing: Crossing, unpaired: Unpaired): Promise<void> {
  const { engine, company, link } = crossing;
  const { invoice } = unpaired.quickbooks;
  const { number } = invoice;
  const sameNumber =
    number === null ? null : await engine.store.internalIdNumbered(company.id, number, link.id);
  const plan = planImport({ quickbooks: invoice, sameNumber, settings: company.settings });
  const marks = [...unpaired.marks, markNow(crossing, 'COMPARED')];
  const decision = importDecisionOf(unpaired.observed, plan.explanation, null);
  const parts = { ...keptOf(unpaired), attempt: { decision } };
  const doubt = plan.next.kind === 'create' ? await doubtAfterRestore(crossing, invoice) : null;
  if (doubt !== null) return stop(crossing, doubt, { ...parts, marks });
  switch (plan.next.kind) {
    case 'nothing':
      return skip(crossing, marks, plan.explanation, parts);
    case 'stop': {
      const { explanation } = plan.next.stop;
      return company.mode === 'SHADOW'
        ? planImported(crossing, unpaired, { marks, parts, explanation, problem: explanation })
        : stop(crossing, held(plan.next.stop), { ...parts, marks });
    }
    case 'create':
      return company.mode === 'SHADOW'
        ? planImported(crossing, unpaired, { marks, parts, ...plan, problem: null })
        : translateThenMake(crossing, unpaired, plan.explanation);
    default:
      return unreachable(plan.next);
  }
}

type Importing = {
  readonly marks: readonly StageMark[];
  readonly parts: StepParts;
  readonly explanation: string;
  readonly problem: string | null;
};

/** In shadow mode it is put in internal terms as far as that goes, and nothing is made for it. */
async function planImported(
  crossing: Crossing,
  { quickbooks, observed }: Unpaired,
  { marks, parts, explanation, problem }: Importing,
): Promise<void> {
  const { invoice } = quickbooks;
  const named = await internallyNamed(crossing, invoice, recordsUsed(invoice));
  if (named.kind === 'failed') return stopAt(crossing, observed.fresh, named);
  const wanting = wantingIn(named);
  const decision = importDecisionOf(observed, explanation, named.content);
  const fields = decision.internalWrites;
  const linkPlan = await importPlanOf(crossing, { invoice, explanation, fields, wanting, problem });
  const words = wanting.map((one) => one.words);
  const missing = wanting.flatMap(({ toMake }) => toMake).map(missingNow);
  return skip(crossing, marks, ['Planned, not written:', explanation, ...words].join(' '), {
    ...parts,
    references: [...named.references, ...missing],
    linkPlan,
  });
}

async function translateThenMake(
  crossing: Crossing,
  unpaired: Unpaired,
  explanation: string,
): Promise<void> {
  if (isPausedTowards(crossing.link, 'internal'))
    return waitForRestart(crossing, 'internal', { ...keptOf(unpaired), references: [] });
  const translated = await inInternalTermsWhole(crossing, unpaired);
  if (translated === null) return;
  const { content, references } = translated;
  await settleImport(crossing, unpaired, explanation, content);
  return write(crossing, unpaired, { explanation, content, references });
}

/** The whole invoice in internal terms, after making what is missing; null when the crossing ended on the way. */
async function inInternalTermsWhole(
  crossing: Crossing,
  { observed, quickbooks }: Unpaired,
): Promise<Translated | null> {
  const records = recordsUsed(quickbooks.invoice);
  const first = await internallyNamed(crossing, quickbooks.invoice, records);
  if (first.kind === 'translated') return first;
  if (first.kind !== 'make') {
    await stopAt(crossing, observed.fresh, first);
    return null;
  }
  if (!(await makeMissing(crossing, observed.fresh, first))) return null;
  const second = await internallyNamed(crossing, quickbooks.invoice, records);
  if (second.kind === 'translated') return second;
  if (second.kind === 'make') throw new Error('a record that was made is still missing');
  await stopAt(crossing, observed.fresh, second);
  return null;
}

/** Where going live approved it, what goes out now is looked at once more. */
async function settleImport(
  crossing: Crossing,
  { observed, quickbooks }: Unpaired,
  explanation: string,
  content: InvoiceContent,
): Promise<void> {
  if (crossing.link.approvedPlan === null) return;
  const { invoice } = quickbooks;
  const fields = importDecisionOf(observed, explanation, content).internalWrites;
  const now = { invoice, explanation, fields, wanting: [], problem: null };
  await settleApproved(crossing, await importPlanOf(crossing, now), explanation);
}

type Wanted = {
  readonly explanation: string;
  readonly content: InvoiceContent;
  readonly references: readonly Reference[];
};

function write(
  crossing: Crossing,
  { observed, quickbooks }: Unpaired,
  { explanation, content, references }: Wanted,
): Promise<void> {
  return writePlanned(crossing, {
    observed,
    internal: null,
    marks: [markNow(crossing, 'MAPPED'), markNow(crossing, 'COMPARED')],
    decision: importDecisionOf(observed, explanation, content),
    references,
    writes: { internal: { operation: 'CREATED', wanted: content }, quickbooks: null },
    restWaits: false,
    payments: null,
    paymentsFollow: quickbooks.invoice.payments.length > 0,
  });
}
