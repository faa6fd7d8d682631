import { fixFor } from '#core/attempt/dead-letter.ts';
import type { CallFailure } from '#core/attempt/failure.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { agreedReferences, recordsTaken } from '#core/mapping/agreed-references.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import {
  neededReferences,
  translatedAsFarAsPaired,
  translatedWherePaired,
  translateToQuickbooks,
  unpairedOf,
} from '#core/mapping/translate.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import type { Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { matchInternally } from './match-internally.ts';
import { resolveReferences, wordsForWaiting } from './references.ts';

/** What stands between an invoice and the other side's terms; `references` were looked up and are stored along. */
export type Obstacle =
  | {
      readonly kind: 'failed';
      readonly failure: CallFailure;
      readonly side: Side;
      readonly references: readonly Reference[];
    }
  | {
      readonly kind: 'waiting';
      readonly explanation: string;
      readonly suggestedFix: readonly string[];
      readonly cause: string;
      readonly references: readonly Reference[];
      /** As far as records are paired; nothing is written from it. */
      readonly content: InvoiceContent;
    }
  | {
      readonly kind: 'make';
      readonly toMake: readonly NeededReference[];
      readonly references: readonly Reference[];
      readonly content: InvoiceContent;
    };

/** An invoice in the other side's terms, with the pairings found on the way. */
export type Translated = {
  readonly kind: 'translated';
  readonly content: InvoiceContent;
  readonly references: readonly Reference[];
};

/** The internal side in QuickBooks' terms; QuickBooks is asked only for records met for the first time. */
export async function inQuickbooksTerms(
  crossing: Crossing,
  internal: Invoice,
): Promise<Translated | Obstacle> {
  const { engine, company } = crossing;
  const stored = await engine.store.references(company.id, neededReferences(internal));
  const first = translateToQuickbooks(internal, stored);
  if (first.kind === 'translated') return { ...first, references: [] };
  const resolved = await resolveReferences(crossing, first.needed);
  if (resolved.kind === 'failed')
    return { ...resolved, side: 'quickbooks', references: resolved.matched };
  const { matched, waiting, toMake } = resolved;
  const content = translatedAsFarAsPaired(internal, [...stored, ...matched]);
  if (waiting.length > 0)
    return {
      kind: 'waiting',
      explanation: wordsForWaiting(waiting),
      suggestedFix: fixFor('MISSING_REFERENCE'),
      cause: `MISSING_REFERENCE:${waiting.map(({ kind, internalId }) => `${kind}:${internalId}`).join()}`,
      references: [...matched, ...waiting],
      content,
    };
  if (toMake.length > 0) return { kind: 'make', toMake, references: matched, content };
  const second = translateToQuickbooks(internal, [...stored, ...matched]);
  if (second.kind === 'missing')
    throw new Error(`references matched and yet missing: ${JSON.stringify(second.needed)}`);
  return { ...second, references: matched };
}

/**
 * The QuickBooks side in internal terms as far as `merges` take anything from it: what stays where it is needs no
 * counterpart. Both systems are asked only for records met for the first time.
 */
export async function inInternalTerms(
  crossing: Crossing,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
): Promise<Translated | Obstacle> {
  const { engine, company, link } = crossing;
  const taken = recordsTaken(quickbooks, merges);
  const stored = await engine.store.referencesTo(company.id, taken);
  const known = [...stored, ...agreedReferences(link.base)];
  const unpaired = unpairedOf(taken, known);
  const looked = await matchInternally(crossing, unpaired);
  if (looked.kind === 'failed') return { ...looked, references: [] };
  const { matched, waiting } = looked;
  const content = translatedWherePaired(quickbooks, [...known, ...matched]);
  if (waiting.length > 0)
    return {
      kind: 'waiting',
      explanation: waiting.join(' '),
      suggestedFix: [
        'Make the record in internal invoicing under the same name, or choose another one in QuickBooks.',
        'Then replay.',
      ],
      cause: `MISSING_REFERENCE:internal:${unpaired.map(({ kind, quickbooksId }) => `${kind}:${quickbooksId}`).join()}`,
      references: matched,
      content,
    };
  return { kind: 'translated', content, references: matched };
}
