import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { deadLetterOf } from '#core/attempt/dead-letter.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { keyOfWaiting, storedOf, waitingFor, type Reference } from '#core/mapping/reference.ts';
import { neededReferences } from '#core/mapping/translate.ts';
import type { Crossing } from './crossing.ts';
import { callOptions } from './observe.ts';
import type { StepParts } from './record.ts';
import { kindWords } from './references.ts';
import { stop } from './stop.ts';

type Refused = Extract<CallFailure, { kind: 'refused' }>;
type Missing = { readonly reference: Reference; readonly why: string };

/**
 * QuickBooks refuses what names a record that was put away or merged away, and does not always say which
 * (quickbooks.md §4.2): they are looked at one by one, and the invoice waits for the one by name. False when all are there.
 */
export async function isNamedMissing(
  crossing: Crossing,
  internal: Invoice | null,
  failure: CallFailure,
  parts: StepParts,
): Promise<boolean> {
  if (failure.kind !== 'refused' || failure.reason !== 'MISSING_REFERENCE' || internal === null)
    return false;
  const found = await missingOf(crossing, internal);
  if (!found.ok || found.value.length === 0) return false;
  const references = found.value.map(({ reference }) => reference);
  await stop(crossing, letterFor(failure, found.value), {
    ...parts,
    references,
    attempt: { ...parts.attempt, outcome: 'REJECTED', fault: failure.fault },
  });
  return true;
}

const letterFor = (failure: Refused, missing: readonly Missing[]) => ({
  reason: 'MISSING_REFERENCE' as const,
  explanation: `${missing.map(({ why }) => why).join(' ')} Nothing was written.`,
  suggestedFix: [
    'Pair it with a record that is in use, or make it active again in QuickBooks.',
    'It then goes on by itself once it is paired, or replay.',
  ],
  cause: deadLetterOf(failure, 'quickbooks').cause,
  waitsFor: missing.map(({ reference }) => keyOfWaiting(reference)),
});

/** Those of an invoice's paired records that QuickBooks has no more, or has put away. */
async function missingOf(
  crossing: Crossing,
  internal: Invoice,
): Promise<CallOutcome<readonly Missing[]>> {
  const { accounting, engine, company } = crossing;
  const needed = neededReferences(internal);
  const stored = await engine.store.references(company.id, needed);
  const missing: Missing[] = [];
  for (const one of needed) {
    const row = storedOf(one, stored);
    if (row?.quickbooksId == null) continue;
    const read = await accounting.readReference(one.kind, row.quickbooksId, callOptions(crossing));
    if (!read.ok) return read;
    if (read.value?.active === true) continue;
    const alike = await accounting.findReferences(one.kind, one.name, callOptions(crossing));
    if (!alike.ok) return alike;
    const state = read.value === null ? 'is not there any more' : 'was put away there';
    missing.push({
      reference: waitingFor(one, 'MISSING', alike.value, row),
      why: `${kindWords[one.kind]} “${one.name}” stands for “${row.quickbooksName ?? row.quickbooksId}” in QuickBooks, which ${state}.`,
    });
  }
  return { ok: true, value: missing };
}
