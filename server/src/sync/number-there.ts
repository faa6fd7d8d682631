import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { goneOn, whyNotAgain, type NumberThere } from '#core/plan/plan-again.ts';
import type { Plan, PlanInputs } from '#core/plan/plan.ts';
import type { Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';

/** The inputs with what was found out, or what kept it from being found out. */
export type Numbered =
  | { readonly kind: 'known'; readonly inputs: PlanInputs }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly side: Side };

/**
 * Finds out whether the number is free where the invoice is gone, as long as a person may say to make it again there; a
 * document that carries our marker takes it as well (architecture.md §4, "Gone is one value").
 */
export async function withNumberThere(
  crossing: Crossing,
  inputs: PlanInputs,
  { merges }: Plan,
): Promise<Numbered> {
  const { internal, quickbooks, facts } = inputs;
  const known = { kind: 'known', inputs } as const;
  if (quickbooks === null) return known;
  const on = goneOn({ internal, quickbooks });
  const isOpen = merges.some(({ group, merge }) => group === 'existence' && merge === 'conflict');
  if (on === null || !isOpen) return known;
  const { number } = on === 'quickbooks' ? internal : quickbooks;
  const free = { internal, quickbooks, facts, numberThere: { number, takenBy: null } };
  if (whyNotAgain(free, on) !== null) return known;
  const looked =
    on === 'quickbooks' ? await holderThere(crossing, inputs) : await holderHere(crossing, inputs);
  if (!looked.ok) return { kind: 'failed', failure: looked.failure, side: on };
  const numberThere: NumberThere = { number, takenBy: looked.value };
  return { kind: 'known', inputs: { ...inputs, numberThere } };
}

async function holderThere(
  { accounting, link, signal }: Crossing,
  { internal, quickbooks }: PlanInputs,
): Promise<CallOutcome<string | null>> {
  const { number, issueDate } = internal;
  const customerId = quickbooks?.customer.id ?? '';
  const found = await accounting.findInvoicesLike(
    { number, customerId, issueDate, total: null },
    callOptions({ signal }),
  );
  if (!found.ok) return found;
  const holder = found.value.find(
    ({ invoice }) =>
      number !== null ||
      (invoice.counterpartId === link.internalId && invoice.id !== link.quickbooksId),
  );
  return { ok: true, value: holder?.invoice.id ?? null };
}

/** Internal invoicing cannot be asked for a number: what the bridge has seen there has to do (http.md §4). */
async function holderHere(
  { engine, company, link }: Crossing,
  { internal, quickbooks }: PlanInputs,
): Promise<CallOutcome<string | null>> {
  const number = quickbooks?.number ?? null;
  if (number === null) return { ok: true, value: null };
  const isOwn = internal.existence === 'void' && internal.number === number;
  const holder = isOwn
    ? internal.id
    : await engine.store.internalIdNumbered(company.id, number, link.id);
  return { ok: true, value: holder };
}
