import type { AuditEntry } from '#core/audit/entry.ts';
import type { Intent } from '#core/attempt/intent.ts';
import type { Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { valueAt } from '#core/invoice/value-at.ts';
import { labelFor } from '#core/mapping/field-map.ts';
import type { Base } from '#core/merge/merge-invoice.ts';
import { advanceBase, keyReturned, type BaseHalves } from '#core/plan/advance-base.ts';
import { sideNames, sideNamesFirst, type Side } from '#core/side.ts';
import type { Seen, Written } from '#ports/accounting-system.ts';
import type { FieldWrite, StoredDecision } from '#ports/store.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { keyed } from './observe.ts';
import { auditOf } from './record.ts';

/** What was decided, and both sides as they were then. */
export type Basis = {
  readonly decision: StoredDecision;
  /** Null where the decision was to make it there. */
  readonly internal: Invoice | null;
  /** Null where the decision was to create it there. */
  readonly quickbooks: Invoice | null;
};

/** A write that is known to have happened, with what its side shows since. */
export type Arrival = {
  readonly intent: Intent;
  readonly written: Pick<Written, 'id' | 'httpStatus' | 'traceId' | 'raw'>;
  readonly seen: Seen;
};

/** What a side should hold after its write; null where nothing or a void was decided for it. */
export const wantedOn = (decision: StoredDecision, side: Side): InvoiceContent | null =>
  side === 'internal' ? decision.wantedInternal : decision.wanted;

/** The fields decided to be written to a side. */
export const writesTo = (decision: StoredDecision, side: Side): readonly FieldWrite[] =>
  side === 'internal' ? decision.internalWrites : decision.quickbooksWrites;

/** What the side returned, its lines under the keys they were sent with. */
export function returnedBy({ intent, seen }: Arrival, decision: StoredDecision): Invoice {
  const wanted = wantedOn(decision, intent.side);
  return wanted === null ? seen.invoice : keyReturned(wanted, seen.invoice, keyed);
}

/** The base after acknowledged writes: what was written, at the value sent and the value returned. */
export function baseAfter(
  base: Base | null,
  { decision, internal, quickbooks }: Basis,
  arrivals: readonly Arrival[],
): BaseHalves {
  const shown = (side: Side): Invoice | null => {
    const arrival = arrivals.find(({ intent }) => intent.side === side);
    return arrival === undefined ? null : returnedBy(arrival, decision);
  };
  return halvesAfter(
    base,
    {
      decision,
      internal: shown('internal') ?? internal,
      quickbooks: shown('quickbooks') ?? quickbooks,
    },
    arrivals.map(({ intent }) => intent.side),
  );
}

/**
 * The base after a write whose answer was lost: what the side holds counts as agreed only where it is what was meant; a
 * difference may be a person's edit since, and must not vanish (invariant I11).
 */
export function baseAfterAdoption(base: Base | null, basis: Basis, arrival: Arrival): BaseHalves {
  const { side } = arrival.intent;
  const wanted = wantedOn(basis.decision, side);
  if (wanted === null) return baseAfter(base, basis, [arrival]);
  const found = returnedBy(arrival, basis.decision);
  const lines = wanted.lines.map((line) => meantLine(line, found));
  const isNew = base === null || arrival.intent.operation === 'CREATED';
  const meant = isNew
    ? { ...found, ...stated(wanted), ...leftOpen(wanted, found), lines }
    : { ...found, ...wanted, ...followed(basis.decision, side, found), lines };
  return halvesAfter(base, { ...basis, [side]: meant }, [side]);
}

function halvesAfter(
  base: Base | null,
  { decision, internal, quickbooks }: Basis,
  arrived: readonly Side[],
): BaseHalves {
  if (internal === null || quickbooks === null)
    throw new Error('a write arrived for an invoice that one side does not have');
  return advanceBase(base, internal, quickbooks, decision.merges, arrived);
}

/** What nobody but a person fills in, and what QuickBooks fills in once, when a document is made (quickbooks.md §2.4). */
export const neverFilled = ['customerMemo', 'poNumber', 'privateNote', 'discount'] as const;
const filledOnce = ['terms', 'dueDate', 'billTo'] as const;

/** Of a document that QuickBooks just made (quickbooks.md §2.4). */
const untouched = '0';

/**
 * What was left open in a document whose making was not answered. As long as nobody changed it since, what it shows is its
 * side's own; afterwards it may be what a person said, so that nothing is agreed about it yet and it crosses.
 */
function leftOpen(wanted: InvoiceContent, { side, version }: Invoice): Partial<InvoiceContent> {
  if (side === 'quickbooks' && version === untouched) return {};
  const open = side === 'quickbooks' ? [...neverFilled, ...filledOnce] : neverFilled;
  return Object.fromEntries(open.map((field) => [field, wanted[field]]));
}

/** A line that was new gets from its side its id and whatever nobody stated; words about it nobody but a person adds. */
function meantLine(line: Line, found: Invoice): Line {
  const shown = found.lines.find((other) => other.key === line.key);
  if (line.sideId !== null || shown === undefined) return line;
  const { description, serviceDate } = line;
  return { ...shown, ...stated(line), description, serviceDate };
}

/** What was said; where nothing was, the side fills in its own, the customer's address for example. */
const stated = (content: object) =>
  Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));

/** Internally the e-mail address is the customer's own and follows it (http.md §4). */
function followed(decision: StoredDecision, side: Side, found: Invoice): Partial<Invoice> {
  const isOther = writesTo(decision, side).some(({ path }) => path === 'customer');
  return side === 'internal' && isOther ? { billEmail: found.billEmail } : {};
}

/** Paths whose value came back other than it was sent. */
function differences(
  wanted: InvoiceContent | null,
  returned: Invoice,
  paths: readonly string[],
): readonly string[] {
  if (wanted === null) return [];
  const text = (content: InvoiceContent, path: string): string => {
    const value = valueAt(content, path);
    return JSON.stringify(
      value !== null && typeof value === 'object' && 'id' in value ? value['id'] : value,
    );
  };
  return paths.filter((path) => text(wanted, path) !== text(returned, path));
}

/** What a side keeps otherwise than it was sent, in a sentence; null when it keeps all as sent. */
export function ownWay(arrival: Arrival, decision: StoredDecision): string | null {
  const { side } = arrival.intent;
  const paths = writesTo(decision, side).map(({ path }) => path);
  const differing = differences(wantedOn(decision, side), returnedBy(arrival, decision), paths);
  return differing.length === 0
    ? null
    : `${sideNamesFirst[side]} keeps ${inWords(differing, wantedOn(decision, side))} in its own way.`;
}

const inWords = (paths: readonly string[], wanted: InvoiceContent | null): string =>
  paths.map((path) => labelFor(path, wanted ?? { lines: [] })).join(', ');

const verbs = {
  CREATED: 'Created',
  UPDATED: 'Changed',
  VOIDED: 'Voided',
  DELETED: 'Deleted',
} as const satisfies Record<Intent['operation'], string>;

/** The audit entry of a write, with what was there before and what was written. */
export function writeAudit(
  crossing: Crossing,
  { intent, written }: Pick<Arrival, 'intent' | 'written'>,
  decision: StoredDecision,
  evidence: string | null,
): AuditEntry {
  const { side, operation } = intent;
  const summary = `${verbs[operation]} ${nameOf(crossing)} in ${sideNames[side]} (${written.id})${evidence === null ? '' : `; ${evidence}`}.`;
  const changes = writesTo(decision, side).map(({ path, before, after }) => ({
    path,
    side,
    before,
    after,
  }));
  return auditOf(crossing, 'WRITE', summary, changes);
}
