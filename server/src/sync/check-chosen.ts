import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import type { Reference, ReferenceRecord } from '#core/mapping/reference.ts';
import { sideNames, type Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';
import { kindWords } from './references.ts';

/** How pairings that people made stand after looking. */
export type Checked =
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | {
      readonly kind: 'checked';
      /** Those that may be used: found as they were chosen, and all the others. */
      readonly usable: readonly Reference[];
      /** What looking changed, to be stored with the next step. */
      readonly changed: readonly Reference[];
      /** Sentences about those that name nothing that could be used. */
      readonly wrong: readonly string[];
    };

/** Looks at the records of that side which people chose and nobody has seen yet, so that no wrong id ever crosses. */
export async function checkChosen(
  crossing: Crossing,
  side: Side,
  stored: readonly Reference[],
): Promise<Checked> {
  const usable: Reference[] = [];
  const changed: Reference[] = [];
  const wrong: string[] = [];
  for (const reference of stored) {
    if (reference.status !== 'MATCHED' || reference.request !== 'CHECK') {
      usable.push(reference);
      continue;
    }
    const found = await readChosen(crossing, side, reference);
    if (!found.ok) return { kind: 'failed', failure: found.failure };
    const after = afterLooking(side, reference, found.value);
    changed.push(after);
    if (after.status === 'MATCHED') usable.push(after);
    else wrong.push(whyWrong(side, reference, found.value));
  }
  return { kind: 'checked', usable, changed, wrong };
}

async function readChosen(
  crossing: Crossing,
  side: Side,
  { kind, internalId, quickbooksId }: Reference,
): Promise<CallOutcome<ReferenceRecord | null>> {
  if (side === 'quickbooks')
    return crossing.accounting.readReference(kind, quickbooksId ?? '', callOptions(crossing));
  const all = await crossing.invoicing.listReferences(kind, callOptions(crossing));
  return all.ok ? { ok: true, value: all.value.find(({ id }) => id === internalId) ?? null } : all;
}

function afterLooking(side: Side, reference: Reference, found: ReferenceRecord | null): Reference {
  const checked = { ...reference, request: null };
  if (found?.active === true)
    return side === 'quickbooks'
      ? { ...checked, quickbooksName: found.name }
      : { ...checked, internalName: found.name };
  const missing = { ...checked, status: 'MISSING', candidates: [] } as const;
  return side === 'quickbooks'
    ? { ...missing, quickbooksId: null, quickbooksName: null }
    : { ...missing, internalId: null, internalName: null };
}

function whyWrong(
  side: Side,
  { kind, internalId, internalName, quickbooksId, quickbooksName }: Reference,
  found: ReferenceRecord | null,
): string {
  const [own, chosen] =
    side === 'quickbooks'
      ? [internalName ?? internalId, quickbooksId]
      : [quickbooksName ?? quickbooksId, internalId];
  const why = found === null ? 'has no such record' : 'has put that record away';
  return `${kindWords[kind]} “${own}” was paired with ${chosen}, but ${sideNames[side]} ${why}.`;
}
