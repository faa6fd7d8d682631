import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { isJsonObject } from '#core/json.ts';
import type { Seen } from '#ports/accounting-system.ts';
import { decodeInvoice } from './codec.ts';
import { notUnderstood, readFailed } from './failures.ts';
import { parseInvoice } from './wire.ts';

/** An invoice out of an answer's body. */
export function seenFrom(body: unknown): CallOutcome<Seen> {
  if (!isJsonObject(body)) return failed(readFailed('no invoice in the answer', 200, null));
  const parsed = parseInvoice(body);
  if (!parsed.ok) return failed(notUnderstood(200, parsed.problem));
  return succeeded({ invoice: decodeInvoice(parsed.wire), raw: parsed.raw });
}
