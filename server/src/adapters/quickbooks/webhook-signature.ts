import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Intuit signed these bytes: base64 of HMAC-SHA256 under the app's verifier token (quickbooks.md §6.2). Checked
 * over the bytes as received and before they are parsed; takes equally long wherever a difference lies.
 */
export function isSignedByIntuit(
  rawBody: Uint8Array,
  signature: string | undefined,
  verifierToken: string,
): boolean {
  if (signature === undefined || verifierToken === '') return false;
  const expected = createHmac('sha256', verifierToken).update(rawBody).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
