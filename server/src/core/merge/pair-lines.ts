import { toLineKey, type LineKey } from '../brand.ts';
import type { Line } from '../invoice/invoice.ts';
import { lineGroups, lineText } from './groups.ts';

type Keyed = Line & { readonly key: LineKey };

const contentText = (line: Line): string => lineGroups.map((group) => lineText(line, group)).join();
const identityText = (line: Line): string =>
  JSON.stringify([line.item?.id ?? null, line.description]);

/** Pairs what two predicates' texts say is the same, where exactly one is left on each side unless `inOrder`. */
function pairBy(
  open: readonly Line[],
  free: readonly Keyed[],
  textOf: (line: Line) => string,
  inOrder: boolean,
): ReadonlyMap<Line, Keyed> {
  const pairs = new Map<Line, Keyed>();
  const taken = new Set<Keyed>();
  for (const line of open) {
    const text = textOf(line);
    const candidates = free.filter((other) => !taken.has(other) && textOf(other) === text);
    const rivals = open.filter((other) => !pairs.has(other) && textOf(other) === text);
    const [first] = candidates;
    if (first === undefined) continue;
    if (!inOrder && (candidates.length > 1 || rivals.length > 1)) continue;
    pairs.set(line, first);
    taken.add(first);
  }
  return pairs;
}

/**
 * Lines that either side added since both agreed and that are one line: equal content in order, else the same item and
 * description where exactly one is left on each side (architecture.md §4). Both lists are in the same side's terms; the
 * answer names the left line's key for the right line's. Without it a line that both sides hold would be written to each
 * of them once more.
 */
export function pairAdded(
  left: readonly Line[],
  right: readonly Line[],
  agreed: readonly Line[],
): ReadonlyMap<LineKey, LineKey> {
  const isKeyed = (line: Line): line is Keyed => line.key !== null;
  const keysOf = (lines: readonly Line[]) => new Set(lines.map((line) => line.key));
  const [ofLeft, ofRight, ofBase] = [keysOf(left), keysOf(right), keysOf(agreed)];
  const addedLeft = left.filter(isKeyed).filter(({ key }) => !ofRight.has(key) && !ofBase.has(key));
  const addedRight = right
    .filter(isKeyed)
    .filter(({ key }) => !ofLeft.has(key) && !ofBase.has(key));
  const same = pairBy(addedRight, addedLeft, contentText, true);
  const taken = new Set(same.values());
  const alike = pairBy(
    addedRight.filter((line) => !same.has(line)),
    addedLeft.filter((line) => !taken.has(line)),
    identityText,
    false,
  );
  const pairs = [...same, ...alike].map(([line, other]) => [line.key, other.key] as const);
  return new Map(pairs.flatMap(([key, other]) => (key === null ? [] : [[key, other] as const])));
}

/** A side may give a new line the id that a known line once had (quickbooks.md §2.5); two lines never share a key. */
function unusedKey(wanted: LineKey, taken: ReadonlySet<LineKey>): LineKey {
  let key = wanted;
  for (let copy = 2; taken.has(key); copy += 1) key = toLineKey(`${wanted}-${copy}`);
  return key;
}

/**
 * Gives observed lines the keys of the known lines they are: by side id, then by equal content in order, then by item and
 * description where exactly one is left on each side (architecture.md §4). The others get a key from `newKey`.
 */
export function keyLines(
  observed: readonly Line[],
  known: readonly Line[],
  newKey: (line: Line, position: number) => LineKey,
): readonly Keyed[] {
  const keyOf = new Map<Line, LineKey>();
  const isKeyed = (line: Line): line is Keyed => line.key !== null;
  const used = new Set<LineKey>();
  const pass = (pairs: ReadonlyMap<Line, Keyed>): void => {
    for (const [line, other] of pairs) {
      keyOf.set(line, other.key);
      used.add(other.key);
    }
  };
  const open = (): readonly Line[] => observed.filter((line) => !keyOf.has(line));
  const free = (): readonly Keyed[] => known.filter(isKeyed).filter((line) => !used.has(line.key));
  const withSideId = open().filter((line) => line.sideId !== null);
  pass(
    pairBy(
      withSideId,
      free().filter((line) => line.sideId !== null),
      (line) => line.sideId ?? '',
      false,
    ),
  );
  pass(pairBy(open(), free(), contentText, true));
  pass(pairBy(open(), free(), identityText, false));
  const taken = new Set(known.filter(isKeyed).map((line) => line.key));
  return observed.map((line, position) => {
    const key = keyOf.get(line) ?? unusedKey(newKey(line, position), taken);
    taken.add(key);
    return { ...line, key };
  });
}
