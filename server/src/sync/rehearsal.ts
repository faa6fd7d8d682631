import type { Json } from '#core/json.ts';
import type { PathChoice } from '#core/resolution/decided-values.ts';
import { goneOn } from '#core/plan/plan-again.ts';
import type { NumberHolder } from '#core/resolution/check-values.ts';
import { isAboutInvoice, isAboutPayment, type Dispute } from '#core/resolution/dispute.ts';
import { recordIdsOf, type Rehearsal } from '#core/resolution/rehearse.ts';
import type { Side } from '#core/side.ts';
import type { ReadRows, KnownConflict } from '#ports/change-requests.ts';

/** All that choices are judged and planned on; null while a side or the company's facts are not known. */
export async function rehearsalOf(
  rows: Pick<ReadRows, 'references' | 'rulesInForce' | 'numbersTaken'>,
  { company, companyId, link, disputes: all }: KnownConflict,
  choices: readonly PathChoice[],
): Promise<Rehearsal | null> {
  const known = all.filter(isAboutInvoice);
  const questions = all.filter(isAboutPayment);
  const { base, present, taxVariance } = link;
  if (base === null || present === null || company.facts === null) return null;
  const typed: readonly Json[] = choices.map(({ customValue }) => customValue);
  const named = [
    ...typed.filter((value) => typeof value === 'string'),
    ...[present.internal, present.quickbooks].flatMap(recordIdsOf),
    ...known.flatMap(({ held, since }) =>
      since === undefined ? [] : [held.internal, held.quickbooks].flatMap(idsIn),
    ),
  ];
  const references = await rows.references(companyId, [...new Set(named)]);
  const rules = await rows.rulesInForce(companyId);
  const { settings, facts } = company;
  const typedNumbers = choices.flatMap(({ path, customValue }) =>
    path === 'number' && typeof customValue === 'string' ? [customValue] : [],
  );
  const numbers = [...typedNumbers, ...known.flatMap(numbersIn)];
  const numbersTaken =
    numbers.length === 0 ? [] : await rows.numbersTaken(companyId, numbers, link.id);
  const disputes = known.map((dispute) => withTaken(dispute, numbersTaken, goneOn(present)));
  return {
    disputes,
    questions,
    base,
    present,
    taxVariance,
    settings,
    facts,
    rules,
    references,
    numbersTaken,
  };
}

/** Numbers that a choice may give to a side. */
const numbersIn = ({ held, numberThere }: Dispute): readonly string[] =>
  [
    numberThere?.number,
    ...[held.internal, held.quickbooks, held.baseInternal].map((value) =>
      value.kind === 'header' ? value.fields.number : undefined,
    ),
  ].flatMap((number) => (number == null ? [] : [number]));

/** A number that was free when it was looked for may have been taken since. */
function withTaken(
  dispute: Dispute,
  numbersTaken: readonly NumberHolder[],
  on: Side | null,
): Dispute {
  const { numberThere } = dispute;
  if (numberThere === undefined || numberThere.takenBy !== null) return dispute;
  const holder = numbersTaken.find(
    ({ side, number }) => side === on && number === numberThere.number,
  );
  return holder === undefined
    ? dispute
    : { ...dispute, numberThere: { ...numberThere, takenBy: holder.id } };
}

/** Records that a kept value names. */
function idsIn(value: Rehearsal['disputes'][number]['held']['internal']): readonly string[] {
  if (value.kind === 'line')
    return [value.line?.item, value.line?.taxCode].flatMap((ref) => (ref ? [ref.id] : []));
  if (value.kind !== 'header') return [];
  const { customer, terms } = value.fields;
  return [customer, terms].flatMap((ref) => (ref ? [ref.id] : []));
}
