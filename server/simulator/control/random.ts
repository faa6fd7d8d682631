/** Chance with a memory: the same seed and the same calls give the same answers (http.md §5 `reset`). */
export type SeededRandom = {
  /** At least 0 and below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of the list, which must not be empty. */
  pick<Entry>(list: readonly Entry[]): Entry;
  /** True with the probability `p`; 0 never, 1 always. */
  chance(p: number): boolean;
  /** `prefix` and 16 hexadecimal digits. */
  id(prefix: string): string;
};

/** Starts a sequence; any text is a seed, the empty one included. */
export function seededRandom(seed: string): SeededRandom {
  const next = sfc32(seed);

  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const hexDigits = (count: number): string =>
    Array.from({ length: count }, () => integer(0, 15).toString(16)).join('');

  return {
    next,
    integer,
    pick: (list) => {
      const entry = list[integer(0, list.length - 1)];
      if (entry === undefined) throw new RangeError('nothing to pick from: the list is empty');
      return entry;
    },
    chance: (p) => next() < p,
    id: (prefix) => `${prefix}${hexDigits(16)}`,
  };
}

/** Chris Doty-Humphrey's small fast counter generator, 128 bits of state, warmed up for 15 rounds. */
function sfc32(seed: string): () => number {
  let a = hash32(seed, 0x9e3779b9);
  let b = hash32(seed, 0x243f6a88);
  let c = hash32(seed, 0xb7e15162);
  let counter = 1;

  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };

  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** FNV-1a over UTF-16 units, started from a basis so that one text gives several words of state. */
function hash32(text: string, basis: number): number {
  let hash = basis | 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
