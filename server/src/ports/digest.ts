/** Fingerprints; SHA-256 in lower-case hexadecimal. */
export interface Digest {
  sha256(text: string): string;
}
