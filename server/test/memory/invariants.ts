import type { DeadLetterReason } from '#core/attempt/dead-letter.ts';
import { watchedFields } from '../convergence/people.ts';
import { foldEntries } from '../support/audit-fold.ts';
import type { Books } from './books.ts';
import {
  invoicesThere,
  isMarked,
  thereAt,
  type Edit,
  type InvoiceThere,
  type People,
} from './people.ts';
import type { LinkRow, MemoryRows } from './rows.ts';

/** Dead letters that people and bad weather may bring about; any other is a bug of the engine. */
const explained = new Set<DeadLetterReason>(['VALIDATION', 'PERIOD_CLOSED', 'MISSING_REFERENCE']);

type InvoiceHere = NonNullable<
  ReturnType<Books['invoicing']['company']['records']['invoices']['get']>
>['invoice'];

/** What is checked when everything has come to rest. */
export type AtRest = {
  readonly rows: MemoryRows;
  readonly books: Books;
  readonly people: People;
  /** How often a worker was cut off in the middle of its work. */
  readonly cutOff: number;
  /** Whether queries lagged behind, so that a number could be taken by a document that was not shown yet. */
  readonly lagged?: boolean;
};

/** Promises (engine-evidence.md A6) that do not hold at rest, in words; empty when all do. */
export function brokenPromises({ rows, books, people, cutOff, lagged = false }: AtRest): string[] {
  const there = invoicesThere(books);
  const living = there.filter((invoice) => !isVoid(invoice)).length;
  return [
    // Nobody makes an invoice in QuickBooks here but the bridge.
    ...(living > people.invoiceIds.length
      ? [`I5: ${living} invoices live in QuickBooks for ${people.invoiceIds.length}`]
      : []),
    ...people.invoiceIds.flatMap((id) =>
      brokenFor(rows, books, there, people.edits, id, { cutOff, lagged }),
    ),
    ...brokenWrites(rows, books),
    ...brokenEpochs(rows),
    ...brokenAudit(rows),
  ];
}

function brokenFor(
  rows: MemoryRows,
  books: Books,
  all: readonly InvoiceThere[],
  edits: readonly Edit[],
  id: string,
  { cutOff, lagged }: { readonly cutOff: number; readonly lagged: boolean },
): string[] {
  const link = rows.linkOn('internal', id);
  if (link === null) return [`I2: nobody ever heard of ${id}`];
  const record = books.invoicing.company.records.invoices.get(id);
  if (record === undefined) return [`the internal books lost ${id}`];
  const here = record.invoice;
  const isGoneHere = here.status === 'void' || record.deleted;
  const mine = all.filter((invoice) => isMarked(invoice, id) && !isVoid(invoice));
  const there = all.find(({ Id }) => Id === link.quickbooksId) ?? null;
  const status = rows.status(link);
  const letters = [...rows.deadLetters.values()].filter(
    (letter) => letter.linkId === link.id && letter.status === 'OPEN',
  );
  return [
    ...(isGoneHere && mine.length > 0 && status === 'UNLINKED'
      ? [`I14: ${id} is gone internally and lives in QuickBooks`]
      : []),
    ...(mine.length > 1 ? [`I5: ${id} is alive ${mine.length} times in QuickBooks`] : []),
    ...letters.flatMap(({ reason, explanation }) =>
      explained.has(reason) ||
      (reason === 'RETRIES_EXHAUSTED' && cutOff >= 3) ||
      (reason === 'DUPLICATE_NUMBER' && lagged)
        ? []
        : [`I17: a dead letter nobody caused: ${reason}: ${explanation}`],
    ),
    ...(status !== 'DEAD_LETTERED' && letters.length > 0
      ? [`I17: ${id} is ${status} and its dead letter stays open`]
      : []),
    ...(status === 'DEAD_LETTERED' && letters.length !== 1
      ? [`I17: ${id} is dead-lettered with ${letters.length} open letters`]
      : []),
    ...(status === 'IN_SYNC' && link.crashMarks > 0 ? [`${id} keeps crash marks`] : []),
    ...(mayRest(status, link, isGoneHere) ? [] : [`I2: ${id} is ${status} at rest`]),
    ...(status === 'IN_SYNC' ? unequal(id, here, isGoneHere, there) : []),
    ...edits
      .filter(({ invoiceId }) => invoiceId === id)
      .flatMap((edit) => lost(rows, link, edit, edits, here, all)),
  ];
}

/** What was gone before anybody took it up never crosses. */
const mayRest = (status: string, { quickbooksId }: LinkRow, isGoneHere: boolean): boolean =>
  status === 'IN_SYNC' ||
  status === 'CONFLICT' ||
  status === 'DEAD_LETTERED' ||
  (status === 'UNLINKED' && quickbooksId === null && isGoneHere);

const isVoid = ({ TotalAmt, PrivateNote }: InvoiceThere): boolean =>
  TotalAmt === 0 && (PrivateNote ?? '').startsWith('Voided');

/** I14 and I22, by what the sides themselves show, not by the engine's own comparison. */
function unequal(
  id: string,
  here: InvoiceHere,
  isGoneHere: boolean,
  there: InvoiceThere | null,
): string[] {
  if (there === null) return isGoneHere ? [] : [`I14: ${id} is not in QuickBooks`];
  if (isGoneHere !== isVoid(there)) return [`I14: ${id} is gone on one side only`];
  if (isVoid(there)) return [];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ...watchedFields.map((field) => [field, here[field] ?? null, thereAt(there, field)] as const),
    // Where nobody says when it is due, QuickBooks does by its terms.
    ['dueDate', here.dueDate ?? there.DueDate, there.DueDate],
    ['total', Number(here.total), there.TotalAmt],
    ['balance', Number(here.balanceDue), there.Balance],
  ];
  return pairs.flatMap(([what, one, other]) =>
    one === other
      ? []
      : [`I14: ${what} of ${id} is ${String(one)} internally and ${String(other)} in QuickBooks`],
  );
}

/**
 * I11: what a person said is gone only where somebody who saw it said something else, or where it lost against the other
 * side's value and is kept with that decision.
 */
function lost(
  rows: MemoryRows,
  link: LinkRow,
  edit: Edit,
  all: readonly Edit[],
  here: InvoiceHere,
  there: readonly InvoiceThere[],
): string[] {
  const { said, field, invoiceId, side, on } = edit;
  // What was taken away says nothing that could be looked for.
  if (said === null) return [];
  const documents = there.filter(({ Id }) => Id === link.quickbooksId || Id === on);
  const stands =
    here[field] === said || documents.some((document) => thereAt(document, field) === said);
  const overwritten = all.some(
    (other) => other.invoiceId === invoiceId && other.field === field && other.saw === said,
  );
  if (stands || overwritten) return [];
  // Its own side removed it, with the whole document.
  if (side === 'quickbooks' && !there.some(({ Id }) => Id === on)) return [];
  const kept = [...rows.conflicts.values()].some(
    ({ linkId, fields, resolution }) =>
      linkId === link.id && JSON.stringify([fields, resolution]).includes(`"${said}`),
  );
  return kept ? [] : [`I11: ${field} of ${invoiceId}, “${said}” said on the ${side} side, is lost`];
}

/**
 * Where QuickBooks forgets request ids and a person deleted what a create had made before its answer came, nothing can tell
 * that it was made: it is made again, and one lives.
 */
const remadeIn =
  ({ quickbooks, realm }: Books) =>
  (id: string): boolean => {
    const all = quickbooks.mutations(realm).after();
    const [first, second, ...more] = all.filter(({ requestId }) => requestId === id);
    if (first === undefined || second === undefined || more.length > 0) return false;
    return (
      quickbooks.behaviour.requestid === 'ignore' &&
      all.some(
        ({ id: gone, entity, operation, actor, seq }) =>
          entity === first.entity &&
          gone === first.id &&
          operation === 'delete' &&
          actor === 'human' &&
          seq < second.seq,
      )
    );
  };

/** I5 over everything that either side was made to do. */
function brokenWrites(rows: MemoryRows, books: Books): string[] {
  const { quickbooks, invoicing, realm } = books;
  const isRemade = remadeIn(books);
  const made = [...quickbooks.mutations(realm).after(), ...invoicing.company.mutationsAfter(0)]
    .filter(({ actor }) => actor === 'api')
    .map(({ requestId }) => requestId);
  const ids = made.flatMap((id) => id ?? []);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place && !isRemade(id));
  return [
    ...(made.length === ids.length ? [] : ['I6: a write left without a request id']),
    ...twice.map((id) => `I5: intent ${id} took effect twice`),
    ...ids.flatMap((id) => (rows.intents.has(id) ? [] : [`I6: nobody wrote ${id} down`])),
  ];
}

/** I9: epochs only grow. */
const brokenEpochs = ({ epochs }: MemoryRows): string[] =>
  epochs.flatMap(({ epoch }, place) =>
    place > 0 && epoch <= (epochs[place - 1]?.epoch ?? 0n) ? [`I9: epoch ${epoch} came twice`] : [],
  );

/** I18: the trail, folded, says of each link what its row says. */
function brokenAudit(rows: MemoryRows): string[] {
  const entries = rows.audit.flatMap(({ linkId, action, subject, changes }) =>
    linkId === null ? [] : [{ linkId, action, subject: subject.type, changes: [...changes] }],
  );
  const { links, breaks } = foldEntries(entries);
  const wrong = [...rows.links.values()].flatMap((link) => {
    const told = links.get(link.id)?.status ?? null;
    const status = rows.status(link);
    return told === status
      ? []
      : [`I18: the trail ends with ${JSON.stringify(told)}, the row says ${status}`];
  });
  return [...breaks.map((what) => `I18: ${what}`), ...wrong];
}

const secondMs = 1_000;
const minuteMs = 60_000;

/** I19: no window of a second or a minute holds more calls than QuickBooks allows. */
export function brokenPace(callsAt: readonly number[]): string[] {
  const isOver = (max: number, spanMs: number): boolean =>
    callsAt.some((at, place) => {
      const first = callsAt[place - max];
      return first !== undefined && at - first < spanMs;
    });
  return [
    ...(isOver(10, secondMs) ? ['I19: more than 10 calls in a second'] : []),
    ...(isOver(500, minuteMs) ? ['I19: more than 500 calls in a minute'] : []),
  ];
}
