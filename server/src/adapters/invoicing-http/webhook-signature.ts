import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Instant } from '#core/brand.ts';

/** Headers of Standard Webhooks (http.md §3). */
export type WebhookHeaders = {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
};

/** How far a timestamp may lie from now, either way. */
export const timestampToleranceMs = 300_000;

/** Why a delivery is not believed; it never says how close it came. */
export type SignatureVerdict = 'signed' | 'unsigned' | 'outdated';

/**
 * Whether one of the secrets signed these bytes within the window. Several secrets and several signatures are taken, so
 * that a key can be replaced; the window is measured by our clock, which the package would read for itself.
 */
export function checkSignature(
  rawBody: Uint8Array,
  headers: WebhookHeaders,
  secrets: readonly string[],
  now: Instant,
): SignatureVerdict {
  const { id, timestamp, signature } = headers;
  if (!id || !timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  const body = textOf(rawBody);
  if (body === null) return 'unsigned';
  const signedAt = new Date(Number(timestamp) * 1_000);
  const given = signature.split(' ').filter((each) => each.startsWith('v1,'));
  const expected = secrets.map((secret) => new Webhook(secret).sign(id, signedAt, body));
  if (!expected.some((wanted) => given.some((each) => isSame(each, wanted)))) return 'unsigned';
  return Math.abs(now - signedAt.getTime()) <= timestampToleranceMs ? 'signed' : 'outdated';
}

/** The package signs text; bytes that are no UTF-8 have no text that would sign the same. */
function textOf(rawBody: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
  } catch {
    return null;
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
