import type { Reference } from '#core/mapping/reference.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { MemoryRows, ReferenceRow } from './rows.ts';

const stored = ({ place: _place, ...row }: ReferenceRow): StoredReference => ({
  ...row,
  internalName: row.internalName ?? row.internalId,
});
const asReference = (row: ReferenceRow): Reference => {
  const { id: _id, ...reference } = stored(row);
  return reference;
};
const oldestFirst = (one: ReferenceRow, other: ReferenceRow): number => one.place - other.place;

export const findReferences = (
  rows: MemoryRows,
  needed: readonly Pick<{ kind: Reference['kind']; id: string }, 'kind' | 'id'>[],
): readonly Reference[] =>
  rows.references
    .filter((row) => needed.some(({ kind, id }) => row.kind === kind && row.internalId === id))
    .map(asReference);

export const findReferencesTo = (
  rows: MemoryRows,
  records: readonly { readonly kind: Reference['kind']; readonly quickbooksId: string }[],
): readonly Reference[] =>
  rows.references
    .filter((row) =>
      records.some(
        ({ kind, quickbooksId }) => row.kind === kind && row.quickbooksId === quickbooksId,
      ),
    )
    .toSorted(oldestFirst)
    .map(asReference);

export const findPairedTo = (
  rows: MemoryRows,
  kind: Reference['kind'],
  ids: readonly string[],
): readonly StoredReference[] =>
  rows.references
    .filter((row) => row.kind === kind && row.status === 'MATCHED' && row.internalId !== null)
    .filter(({ quickbooksId }) => quickbooksId !== null && ids.includes(quickbooksId))
    .toSorted(oldestFirst)
    .map(stored);

export const findWaitedFor = (rows: MemoryRows, limit: number): readonly StoredReference[] =>
  rows.references
    .filter((row) => row.status !== 'MATCHED' && (row.request ?? null) === null)
    .filter((row) => {
      const side = row.internalId === null ? 'quickbooks' : 'internal';
      const key = `${row.kind}:${side}:${row.internalId ?? row.quickbooksId}`;
      return [...rows.deadLetters.values()].some(
        ({ status, waitsFor }) => status === 'OPEN' && waitsFor.includes(key),
      );
    })
    .toSorted(oldestFirst)
    .slice(0, limit)
    .map(stored);

/** Stores pairings; one that was found stays, unless the change rests on the very version that the row still has. */
export function recordReferences(rows: MemoryRows, references: readonly Reference[]): void {
  for (const reference of references)
    if (reference.internalId === null) recordLacking(rows, reference);
    else recordPaired(rows, reference);
}

function recordPaired(rows: MemoryRows, reference: Reference): void {
  const { kind, internalId, quickbooksId, status } = reference;
  const own = rows.references.find((row) => row.kind === kind && row.internalId === internalId);
  const there = rows.references.find(
    (row) => row.kind === kind && row.internalId === null && row.quickbooksId === quickbooksId,
  );
  if (status === 'MATCHED' && there !== undefined) {
    if (own !== undefined) rows.references.splice(rows.references.indexOf(there), 1);
    else
      return write(rows, there, {
        ...reference,
        quickbooksName: reference.quickbooksName ?? there.quickbooksName,
        candidates: [],
        request: null,
      });
  }
  if (own === undefined) return add(rows, reference);
  const restsOn = reference.version ?? (own.status === 'MATCHED' ? null : own.version);
  if (own.version === restsOn) write(rows, own, reference);
}

function recordLacking(rows: MemoryRows, reference: Reference): void {
  const { kind, quickbooksId, status, candidates } = reference;
  const unpaired = rows.references.find(
    (row) =>
      row.kind === kind &&
      row.quickbooksId === quickbooksId &&
      row.internalId !== null &&
      row.request === 'CHECK' &&
      row.version === reference.version,
  );
  if (unpaired !== undefined)
    return write(rows, unpaired, {
      ...unpaired,
      status,
      internalId: null,
      internalName: null,
      candidates,
      request: null,
    });
  const own = rows.references.find(
    (row) => row.kind === kind && row.internalId === null && row.quickbooksId === quickbooksId,
  );
  if (own === undefined) return add(rows, reference);
  if (own.version === (reference.version ?? own.version)) write(rows, own, reference);
}

function write(rows: MemoryRows, row: ReferenceRow, reference: Reference): void {
  const { version } = row;
  Object.assign(row, reference, { version: version + 1, place: rows.nextPlace() });
}

function add(rows: MemoryRows, reference: Reference): void {
  const place = rows.nextPlace();
  rows.references.push({ ...reference, id: rows.ids.next(), place, version: 1 });
}
