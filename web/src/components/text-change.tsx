import type { TextPiece } from '../conflicts/text-change.ts';

const look = {
  kept: '',
  added: 'rounded-sm bg-raised font-semibold no-underline ring-1 ring-line-strong/60',
  gone: 'text-ink-soft line-through',
} satisfies Record<TextPiece['kind'], string>;

/** A text with what came and what went marked; a reader hears the text as it is now. */
export function TextChange({
  pieces,
  plain,
}: {
  readonly pieces: readonly TextPiece[];
  readonly plain: string;
}) {
  return (
    <span className="break-words whitespace-pre-wrap">
      <span className="sr-only">{plain}</span>
      <span aria-hidden="true">
        {pieces.map(({ kind, text }, index) => {
          const Tag = kind === 'added' ? 'ins' : kind === 'gone' ? 'del' : 'span';
          return (
            // Pieces have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key
            <Tag key={index} className={look[kind]}>
              {text}
            </Tag>
          );
        })}
      </span>
    </span>
  );
}
