/** Secrets at rest. What was sealed with an older key still opens while a rotation runs. */
export interface Secrets {
  seal(secret: string): Uint8Array;
  open(sealed: Uint8Array): string;
  /** A mark of a text that only the holder of the key can make; a secret cannot be guessed from it. */
  mark(text: string): string;
  /** Whether the mark is of that text, under the present key or the older one. */
  isMarkOf(text: string, mark: string): boolean;
}
