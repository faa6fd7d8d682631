/** Secrets at rest. What was sealed with an older key still opens while a rotation runs. */
export interface Secrets {
  seal(secret: string): Uint8Array;
  open(sealed: Uint8Array): string;
}
