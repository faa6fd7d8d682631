/** Something the palette can do, by what it is called. */
export type Command = {
  readonly id: string;
  readonly label: string;
  /** Further words it is found by. */
  readonly words?: string;
  /** What to press for it without the palette. */
  readonly shortcut?: string;
  readonly run: () => void;
};

/** How well a command fits what was typed: 0 is not at all. Beginnings count most, then words, then letters in order. */
function fitOf({ label, words = '' }: Command, typed: string): number {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 1;
  const name = label.toLowerCase();
  if (name.startsWith(wanted)) return 5;
  if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 4;
  if (name.includes(wanted)) return 3;
  if (words.toLowerCase().includes(wanted)) return 2;
  return hasInOrder(name, wanted) ? 1 : 0;
}

/** "dl" finds "Dead letters": each letter after the one before it. */
function hasInOrder(name: string, wanted: string): boolean {
  let at = -1;
  return Array.from(wanted).every((letter) => {
    at = name.indexOf(letter, at + 1);
    return at !== -1;
  });
}

/** What fits, best first; equals keep their order. */
export function rank(commands: readonly Command[], typed: string): readonly Command[] {
  return commands
    .map((command) => ({ command, fit: fitOf(command, typed) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ command }) => command);
}
