import type { Invoice } from '#core/invoice/invoice.ts';
import { likenessOf, scoreMin } from '#core/onboarding/likeness.ts';
import { planText, type PlannedEntry } from '#core/onboarding/planned-entry.ts';
import type { AlikeDocuments, HeldAlike, NewSuggestion, PlanningPass } from '#ports/planning.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { placeAfter, type PlanningOutcome } from './planning-place.ts';
import { resolveReferences } from './references.ts';

/** Customers of documents that may be one: two documents are one only where their customers are (architecture.md §5). */
export async function matchCustomers(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const { engine, lease } = work;
  const limit = workerLimits.planningCustomers;
  const needed = await engine.planning.customers(pass, pass.cursor, limit);
  const resolved = await resolveReferences(work, needed, []);
  if (resolved.kind === 'failed')
    return { kind: 'failed', failure: resolved.failure, side: 'quickbooks' };
  const cursor = needed.length < limit ? null : (needed.at(-1)?.id ?? null);
  const references = [...resolved.matched, ...resolved.waiting];
  await engine.planning.storeReferences(lease, pass, references, placeAfter(pass, cursor));
  return { kind: 'more' };
}

/** Links what is one, many a statement; a QuickBooks document that has a link of its own brings it along. */
export async function matchDocuments(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const { engine, lease, company } = work;
  const { paired, strays } = await engine.planning.pair(lease, pass, workerLimits.planningPairs);
  for (const { internalId, quickbooksId } of strays) {
    const own = await engine.store.linkOfInternal(company.id, internalId);
    if (own === null) continue;
    const because = `${internalId} of internal invoicing and ${quickbooksId} of QuickBooks are one invoice: number, customer, currency and total are the same.`;
    const { correlationId } = pass;
    await engine.store.joinLinks(lease, { intoId: own.id, quickbooksId, because, correlationId });
  }
  if (paired === 0) await engine.planning.moveTo(lease, pass, placeAfter(pass, null));
  return { kind: 'more' };
}

/** What is not one and looks alike is left to a person; what could be doubled by making it waits for them. */
export async function suggestMatches(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  const { engine, lease } = work;
  const limit = workerLimits.planningAlike;
  const { pairs, last } = await engine.planning.alike(pass, pass.cursor, limit);
  const judged = pairs
    .map((pair) => ({ ...pair, ...likenessOf(pair) }))
    .filter(({ score, isLikelySame }) => score >= scoreMin || isLikelySame);
  const suggestions = judged.map(({ internal, quickbooks, score, reason }): NewSuggestion => ({
    id: engine.ids.next(),
    internal,
    quickbooks,
    score,
    reason,
  }));
  const holding = judged.filter(
    ({ internal, isLikelySame }) => isLikelySame && mayBeMade(work, internal),
  );
  const held = [...Map.groupBy(holding, ({ internal }) => internal.id).values()].flatMap((alike) =>
    heldFor(work, alike),
  );
  await engine.planning.suggest(lease, pass, suggestions, held, placeAfter(pass, last));
  return { kind: 'more' };
}

/** What is dated before go-live is not made, so that nothing has to be held back. */
const mayBeMade = ({ company: { settings } }: Drain, { issueDate }: Invoice): boolean =>
  settings.goLiveDate === null || issueDate >= settings.goLiveDate;

function heldFor(
  { engine }: Drain,
  alike: readonly (AlikeDocuments & { readonly reason: string })[],
): readonly HeldAlike[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { internal } = first;
  const names = alike.map(({ quickbooks }) => quickbooks.number ?? quickbooks.id).join(' or ');
  const why = `It may be ${names} of QuickBooks: ${first.reason} Link the two, or restart this invoice if they are two.`;
  const entry: PlannedEntry = {
    side: 'quickbooks',
    change: 'CREATED',
    reference: null,
    fields: [],
    reason: 'It is new in internal invoicing and not in QuickBooks yet.',
    problem: why,
    amount: internal.derived.total,
    currency: internal.currency,
  };
  return [
    {
      internalId: internal.id,
      number: internal.number,
      quickbooksIds: alike.map(({ quickbooks }) => quickbooks.id),
      why,
      hash: engine.digest.sha256(planText({ entries: [entry] })),
      entries: [entry],
    },
  ];
}
