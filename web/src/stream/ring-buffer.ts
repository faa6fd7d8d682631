/** Keeps the newest `sizeMax` items; adding is constant time, however long the stream runs. */
export type RingBuffer<Item> = {
  add: (item: Item) => void;
  /** Newest first, a fresh array. */
  newestFirst: () => readonly Item[];
  clear: () => void;
};

/** An empty buffer for at most `sizeMax` items. */
export function createRingBuffer<Item>(sizeMax: number): RingBuffer<Item> {
  let items: Item[] = [];
  let next = 0;

  return {
    add: (item) => {
      items[next] = item;
      next = (next + 1) % sizeMax;
    },
    newestFirst: () => [...items.slice(next), ...items.slice(0, next)].toReversed(),
    clear: () => {
      items = [];
      next = 0;
    },
  };
}
