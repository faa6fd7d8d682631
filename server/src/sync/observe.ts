import { succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import { toLineKey } from '#core/brand.ts';
import type { Invoice, Line } from '#core/invoice/invoice.ts';
import { keyLines } from '#core/merge/pair-lines.ts';
import type { Side } from '#core/side.ts';
import type { CallOptions, Found, Seen } from '#ports/accounting-system.ts';
import type { ObservationRecord, StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { isInForce } from './in-force.ts';
import { workerLimits } from './limits.ts';

/** Both sides as seen now, lines keyed; `fresh` are the ones not stored yet. */
export type Observed = {
  /** Null when internal invoicing never had it. */
  readonly internal: StoredSeen | null;
  /** Null while there is no counterpart. */
  readonly quickbooks: StoredSeen | null;
  readonly fresh: readonly ObservationRecord[];
};

export const callOptions = (crossing: Pick<Crossing, 'signal'>): CallOptions => ({
  deadlineMs: workerLimits.callMs,
  signal: crossing.signal,
});

/** A key of ours for a line met for the first time: its side and its id there, which that side keeps. */
const newKey = (side: Side) => (line: Line, position: number) =>
  toLineKey(`${side === 'internal' ? 'i' : 'q'}-${line.sideId ?? `at-${position + 1}`}`);

/** Gives an invoice's lines their keys by what is already known of them. */
export const keyed = (invoice: Invoice, known: readonly Line[]): Invoice => ({
  ...invoice,
  lines: keyLines(invoice.lines, known, newKey(invoice.side)),
});

/** Both sides, or the side that could not be read. */
export type ObserveOutcome =
  | { readonly ok: true; readonly value: Observed }
  | { readonly ok: false; readonly failure: CallFailure; readonly side: Side };

/** Reads both sides; QuickBooks only when the stored observation may be old (architecture.md §3, step 5). */
export async function observe(crossing: Crossing): Promise<ObserveOutcome> {
  const [internal, quickbooks] = await Promise.all([
    observeInternal(crossing),
    observeQuickbooks(crossing),
  ]);
  if (!internal.ok) return { ...internal, side: 'internal' };
  if (!quickbooks.ok) return { ...quickbooks, side: 'quickbooks' };
  const fresh = [internal.value, quickbooks.value].flatMap((part) =>
    part?.fresh ? [part.fresh] : [],
  );
  return {
    ok: true,
    value: {
      internal: internal.value?.seen ?? null,
      quickbooks: quickbooks.value?.seen ?? null,
      fresh,
    },
  };
}

type Part = { readonly seen: StoredSeen; readonly fresh: ObservationRecord | null };

async function observeInternal(crossing: Crossing): Promise<CallOutcome<Part | null>> {
  const { link, invoicing } = crossing;
  if (link.internalId === null) return { ok: true, value: null };
  const { internalId } = link;
  const found = await readOn(crossing, 'internal', () =>
    invoicing.readInvoice(internalId, callOptions(crossing)),
  );
  if (!found.ok) return found;
  const known = [...(link.base?.internal.lines ?? []), ...(link.internal?.invoice.lines ?? [])];
  return { ok: true, value: partOf(crossing, found.value, link.internal, known, 'internal') };
}

async function observeQuickbooks(crossing: Crossing): Promise<CallOutcome<Part | null>> {
  const { link, accounting } = crossing;
  if (link.quickbooksId === null) return { ok: true, value: null };
  // What a person decided goes out only over what QuickBooks shows now, though no news of it came.
  const isDecided = link.conflict !== null && isInForce(link.conflict);
  if (link.quickbooksFresh && link.quickbooks !== null && !isDecided)
    return { ok: true, value: { seen: link.quickbooks, fresh: null } };
  const { quickbooksId } = link;
  const found = await readOn(crossing, 'quickbooks', () =>
    accounting.readInvoice(quickbooksId, callOptions(crossing)),
  );
  if (!found.ok) return found;
  const known = [...(link.base?.quickbooks.lines ?? []), ...(link.quickbooks?.invoice.lines ?? [])];
  return { ok: true, value: partOf(crossing, found.value, link.quickbooks, known, 'quickbooks') };
}

/** What one read brought for many serves first; what is missing there, or older than what is known, is read by id. */
async function readOn(
  { reads, link }: Crossing,
  side: Side,
  byId: () => Promise<CallOutcome<Found>>,
): Promise<CallOutcome<Found>> {
  const gathered = await reads.take(side, link);
  if (!gathered.ok) return gathered;
  return gathered.value === null ? byId() : succeeded(gathered.value);
}

/** What is gone keeps its last known content: only its existence changed. */
function partOf(
  crossing: Crossing,
  found: Found,
  last: StoredSeen | null,
  known: readonly Line[],
  side: Side,
): Part | null {
  if (!('gone' in found)) {
    const seen = { raw: found.raw, invoice: keyed(found.invoice, dedupe(known)) };
    return store(crossing, seen, last, side);
  }
  if (last === null) return null;
  return store(
    crossing,
    { raw: last.raw, invoice: { ...last.invoice, existence: 'deleted' } },
    last,
    side,
  );
}

/** The base's key wins over the last observation's for the same line. */
function dedupe(lines: readonly Line[]): readonly Line[] {
  return [...Map.groupBy(lines, (line) => line.key).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
}

function store(crossing: Crossing, seen: Seen, last: StoredSeen | null, side: Side): Part {
  const same = last !== null && JSON.stringify(last.invoice) === JSON.stringify(seen.invoice);
  if (same) return { seen: { ...seen, observationId: last.observationId }, fresh: null };
  const record = observationOf(crossing, seen, side);
  return { seen: { ...seen, observationId: record.id }, fresh: record };
}

/** An observation ready to be stored with the step that rests on it. */
export function observationOf(
  { engine }: Pick<Crossing, 'engine'>,
  seen: Seen,
  side: Side,
): ObservationRecord {
  return {
    id: engine.ids.next(),
    side,
    seen,
    contentHash: engine.digest.sha256(JSON.stringify(seen.invoice)),
    capturedAt: engine.clock.now(),
  };
}
