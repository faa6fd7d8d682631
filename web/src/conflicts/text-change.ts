import { diffWordsWithSpace } from 'diff';
import type { DisputedField } from './choices.ts';
import { valueOfChoice } from './choices.ts';
import type { ColumnChoice } from './choices.ts';

/** A piece of a text: kept from what was last agreed, added since, or gone. */
export type TextPiece = {
  readonly kind: 'kept' | 'added' | 'gone';
  readonly text: string;
};

/** More than this is shown as it is: nobody reads such a difference word by word. */
const lengthMax = 4_000;

/** A side's text word by word against what was last agreed; null where there is nothing to compare, or nothing in common. */
export function textChange(
  field: DisputedField,
  column: ColumnChoice,
): readonly TextPiece[] | null {
  const value = valueOfChoice(field, column);
  const { base } = field;
  if (column === 'KEEP_BASE' || value?.kind !== 'TEXT' || base?.kind !== 'TEXT') return null;
  if (value.display === base.display || value.display.length > lengthMax) return null;
  const pieces = diffWordsWithSpace(base.display, value.display).map(
    ({ added, removed, value: text }): TextPiece => ({
      kind: added ? 'added' : removed ? 'gone' : 'kept',
      text,
    }),
  );
  const hasCommonWord = pieces.some(({ kind, text }) => kind === 'kept' && text.trim() !== '');
  return hasCommonWord ? pieces : null;
}
