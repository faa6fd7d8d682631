import { fixFor } from '#core/attempt/dead-letter.ts';
import type { CallFailure } from '#core/attempt/failure.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { agreedReferences, recordsTaken } from '#core/mapping/agreed-references.ts';
import {
  keyOfWaiting,
  storedOf,
  type NeededReference,
  type Reference,
} from '#core/mapping/reference.ts';
import {
  neededReferences,
  translatedAsFarAsPaired,
  translatedWherePaired,
  translateToQuickbooks,
  unpairedOf,
  type UnpairedRecord,
} from '#core/mapping/translate.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import type { Side } from '#core/side.ts';
import { checkChosen, type Checked } from './check-chosen.ts';
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
      readonly waitsFor: readonly string[];
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
  const checked = await checkChosen(crossing, 'quickbooks', stored);
  if (checked.kind === 'failed') return { ...checked, side: 'quickbooks', references: [] };
  const { usable, changed } = checked;
  const first = translateToQuickbooks(internal, usable);
  if (first.kind === 'translated') return { ...first, references: changed };
  const open = first.needed.filter((one) => storedOf(one, wrongIn(checked)) === undefined);
  const resolved = await resolveReferences(crossing, open, usable);
  if (resolved.kind === 'failed')
    return { ...resolved, side: 'quickbooks', references: [...changed, ...resolved.matched] };
  const { matched, toMake } = resolved;
  const references = [...changed, ...matched];
  const content = translatedAsFarAsPaired(internal, [...usable, ...matched]);
  const words = [...checked.wrong, wordsForWaiting(resolved.waiting)].filter((text) => text !== '');
  const waiting = [...wrongIn(checked), ...resolved.waiting];
  if (waiting.length > 0) {
    const along = [...references, ...resolved.waiting];
    return waits(words, fixFor('MISSING_REFERENCE'), waiting, { references: along, content });
  }
  if (toMake.length > 0) return { kind: 'make', toMake, references, content };
  const second = translateToQuickbooks(internal, [...usable, ...matched]);
  if (second.kind === 'missing')
    throw new Error(`references matched and yet missing: ${JSON.stringify(second.needed)}`);
  return { ...second, references };
}

/** Pairings that people made and that name nothing that could be used. */
const wrongIn = ({ changed }: Extract<Checked, { kind: 'checked' }>): readonly Reference[] =>
  changed.filter(({ status }) => status !== 'MATCHED');

function waits(
  words: readonly string[],
  suggestedFix: readonly string[],
  waiting: readonly Reference[],
  found: Pick<Translated, 'references' | 'content'>,
): Extract<Obstacle, { kind: 'waiting' }> {
  const waitsFor = waiting.map(keyOfWaiting);
  const cause = `MISSING_REFERENCE:${waitsFor.join()}`;
  return { kind: 'waiting', explanation: words.join(' '), suggestedFix, cause, waitsFor, ...found };
}

/**
 * The QuickBooks side in internal terms as far as `merges` take anything from it: what stays where it is needs no
 * counterpart. Both systems are asked only for records met for the first time.
 */
export const inInternalTerms = (
  crossing: Crossing,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
): Promise<Translated | Obstacle> =>
  internallyNamed(crossing, quickbooks, recordsTaken(quickbooks, merges));

const missingInternally = [
  'Pair it with a record of internal invoicing, make it there under the same name, or choose another one in QuickBooks.',
  'It then goes on by itself, or replay.',
] as const;

/** A QuickBooks invoice with those of its records replaced by internal ones. */
export async function internallyNamed(
  crossing: Crossing,
  quickbooks: Invoice,
  records: readonly UnpairedRecord[],
): Promise<Translated | Obstacle> {
  const { engine, company, link } = crossing;
  const stored = await engine.store.referencesTo(company.id, records);
  const checked = await checkChosen(crossing, 'internal', stored);
  if (checked.kind === 'failed') return { ...checked, side: 'internal', references: [] };
  const wrong = wrongIn(checked);
  const known = [...checked.usable, ...agreedReferences(link.base)];
  const unpaired = unpairedOf(records, known).filter(
    ({ quickbooksId }) => !wrong.some((one) => one.quickbooksId === quickbooksId),
  );
  const looked = await matchInternally(crossing, unpaired, stored);
  if (looked.kind === 'failed') return { ...looked, references: checked.changed };
  const references = [...checked.changed, ...looked.matched];
  const content = translatedWherePaired(quickbooks, [...known, ...looked.matched]);
  const words = [...checked.wrong, ...looked.waiting.map(({ why }) => why)];
  const met = looked.waiting.map(({ reference }) => reference);
  if (words.length > 0) {
    const along = [...references, ...met];
    return waits(words, missingInternally, [...wrong, ...met], { references: along, content });
  }
  if (looked.toMake.length > 0) return { kind: 'make', toMake: looked.toMake, references, content };
  return { kind: 'translated', content, references };
}
