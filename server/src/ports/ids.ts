/** Where ids and chance come from. */
export interface Ids {
  /** A UUID that sorts by time (version 7). */
  next(): string;
  /** A number in [0, 1). */
  chance(): number;
}
