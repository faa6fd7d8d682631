import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { toInstant } from '#core/brand.ts';
import { isJsonObject } from '#core/json.ts';
import type { CallOptions, Seen } from '#ports/accounting-system.ts';
import type { ChangedRow, ChangesSince } from '#ports/changes.ts';
import type { Clock } from '#ports/clock.ts';
import { decodeInvoice } from './codec.ts';
import { judgeRead, readFailed, type Answer } from './failures.ts';
import { parseChanged, parseChanges, parseInvoice } from './wire.ts';

/** The most that one page holds (http.md §4). */
const rowsMax = 500;

type Get = (path: string, limits: CallOptions) => Promise<CallOutcome<Answer>>;

/** Changed invoices, oldest change first; deleted ones stay listed for 90 days (http.md §4). */
export function createChanges(get: Get, clock: Pick<Clock, 'now'>): ChangesSince {
  return async (since, cursor, limits) => {
    const query = new URLSearchParams({
      // Whole seconds: a system that keeps no fractions would hide what changed in that very second.
      updatedSince: new Date(Math.floor(since / 1_000) * 1_000).toISOString(),
      limit: String(rowsMax),
      ...(cursor === null ? {} : { cursor }),
    });
    const answer = await get(`/invoices?${query.toString()}`, limits);
    if (!answer.ok) return answer;
    const { status, body, date } = answer.value;
    if (status !== 200) return failed(judgeRead(answer.value, clock.now()));
    const page = parseChanges(body);
    if (page === null) return failed(readFailed('no list of invoices', status, null));
    // The same page over and over would never end.
    if (page.nextCursor !== null && page.nextCursor === cursor)
      return failed(readFailed('its list of invoices does not go on', status, null));
    const said = Date.parse(date ?? '');
    return succeeded({
      rows: page.entries.flatMap((entry) => changedRow(entry) ?? []),
      asOf: Number.isNaN(said) ? null : toInstant(said),
      next: page.nextCursor,
      showsDeleted: true,
    });
  };
}

/** Null for what has no id: nothing could be looked up by it. */
function changedRow(entry: unknown): ChangedRow | null {
  const changed = parseChanged(entry);
  if (changed === null || !isJsonObject(entry)) return null;
  const { id } = changed;
  const isDeleted = changed.deleted === true;
  const seen = isDeleted ? null : seenIn(entry);
  return {
    subject: { side: 'internal', kind: 'invoice', id, invoiceId: id },
    kind: isDeleted ? 'DELETED' : seen?.invoice.existence === 'void' ? 'VOIDED' : 'UPDATED',
    entity: 'invoice',
    changedAt: changed.updatedAt ?? null,
    seen,
    record: null,
    raw: entry,
  };
}

function seenIn(entry: unknown): Seen | null {
  const parsed = parseInvoice(entry);
  return parsed.ok ? { invoice: decodeInvoice(parsed.wire), raw: parsed.raw } : null;
}
