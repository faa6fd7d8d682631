/** Says that new stream events may be there; a ring that nobody heard is remembered by its number. */
export interface StreamBell {
  /** How often it rang so far. */
  rings(): number;
  /** Resolves when it rings after `seen` rings, after the time, or when the signal aborts; never rejects. */
  waitPast(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void>;
}
