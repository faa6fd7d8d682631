/** Remembers which ids were seen lately; delivery is at least once, so a repeat must be recognised and dropped. */
export type RecentIds = {
  /** True the first time an id is met. */
  isNew: (id: string) => boolean;
};

/** Remembers at least `sizeMax` ids and at most twice as many: two generations, the older one dropped whole. */
export function createRecentIds(sizeMax: number): RecentIds {
  let young = new Set<string>();
  let old = new Set<string>();

  return {
    isNew: (id) => {
      if (young.has(id) || old.has(id)) return false;
      young.add(id);
      if (young.size >= sizeMax) {
        old = young;
        young = new Set();
      }
      return true;
    },
  };
}
