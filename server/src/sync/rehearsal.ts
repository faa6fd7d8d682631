import type { Json } from '#core/json.ts';
import type { PathChoice } from '#core/resolution/decided-values.ts';
import { isAboutInvoice, isAboutPayment } from '#core/resolution/dispute.ts';
import { recordIdsOf, type Rehearsal } from '#core/resolution/rehearse.ts';
import type { ReadRows, KnownConflict } from '#ports/change-requests.ts';

/** All that choices are judged and planned on; null while a side or the company's facts are not known. */
export async function rehearsalOf(
  rows: Pick<ReadRows, 'references' | 'rulesInForce'>,
  { company, companyId, link, disputes: all }: KnownConflict,
  choices: readonly PathChoice[],
): Promise<Rehearsal | null> {
  const disputes = all.filter(isAboutInvoice);
  const questions = all.filter(isAboutPayment);
  const { base, present, taxVariance } = link;
  if (base === null || present === null || company.facts === null) return null;
  const typed: readonly Json[] = choices.map(({ customValue }) => customValue);
  const named = [
    ...typed.filter((value) => typeof value === 'string'),
    ...[present.internal, present.quickbooks].flatMap(recordIdsOf),
    ...disputes.flatMap(({ held, since }) =>
      since === undefined ? [] : [held.internal, held.quickbooks].flatMap(idsIn),
    ),
  ];
  const references = await rows.references(companyId, [...new Set(named)]);
  const rules = await rows.rulesInForce(companyId);
  const { settings, facts } = company;
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
  };
}

/** Records that a kept value names. */
function idsIn(value: Rehearsal['disputes'][number]['held']['internal']): readonly string[] {
  if (value.kind === 'line')
    return [value.line?.item, value.line?.taxCode].flatMap((ref) => (ref ? [ref.id] : []));
  if (value.kind !== 'header') return [];
  const { customer, terms } = value.fields;
  return [customer, terms].flatMap((ref) => (ref ? [ref.id] : []));
}
