import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { Instant } from '#core/brand.ts';
import { isJsonObject } from '#core/json.ts';
import type { ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { Call } from './caller.ts';
import { judgeRead, notUnderstood, readFailed } from './failures.ts';
import { parseMasters, type MasterList } from './wire.ts';

/** Where each kind is listed (http.md §4); accounts exist in QuickBooks alone. */
const lists = {
  CUSTOMER: { path: '/customers', name: 'customers' },
  ITEM: { path: '/items', name: 'items' },
  TAX_CODE: { path: '/tax-codes', name: 'taxCodes' },
  TERMS: { path: '/terms', name: 'terms' },
  PAYMENT_METHOD: { path: '/payment-methods', name: 'paymentMethods' },
  INCOME_ACCOUNT: null,
} as const satisfies Record<ReferenceKind, { path: string; name: MasterList } | null>;

/** Pages of a list are followed to the end, up to this many; the largest page the contract's systems give is unknown. */
const pagesMax = 1_000;

/** Every record of a kind. */
export async function listMasters(
  call: Call,
  kind: ReferenceKind,
  limits: CallOptions,
  now: () => Instant,
): Promise<CallOutcome<readonly ReferenceRecord[]>> {
  const list = lists[kind];
  if (list === null) return succeeded([]);
  const records: ReferenceRecord[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const answer = await call({ method: 'GET', path: `${list.path}${query}` }, limits);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status !== 200) return failed(judgeRead(answer.value, now()));
    if (!isJsonObject(body)) return failed(readFailed('no list in the answer', status, null));
    const parsed = parseMasters(body, list.name);
    if (!parsed.ok) return failed(notUnderstood(status, parsed.problem));
    records.push(...parsed.records);
    cursor = parsed.nextCursor;
    if (cursor === null) return succeeded(records);
  }
  return failed(readFailed(`more than ${pagesMax} pages of ${list.name}`, null, null));
}
