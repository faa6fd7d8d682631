import { matchReference } from './match-reference.ts';
import {
  pairedWith,
  waitingFor,
  type NeededReference,
  type Reference,
  type ReferenceKind,
  type ReferenceMatch,
  type ReferenceRecord,
} from './reference.ts';
import type { Side } from '../side.ts';

/** Kinds whose changes QuickBooks tells of, by webhook and by its list of changes (quickbooks.md §2.8, §6.1). */
export const toldKinds = ['CUSTOMER', 'ITEM'] as const satisfies readonly ReferenceKind[];
export type ToldKind = (typeof toldKinds)[number];

export const isTold = (kind: ReferenceKind): kind is ToldKind =>
  toldKinds.some((told) => told === kind);

/** The side that has the record; what both have is ours. */
export const sideOfWaiting = ({ internalId }: Reference): Side =>
  internalId === null ? 'quickbooks' : 'internal';

/** What a stored pairing without a counterpart is in need of, under the name its record goes by now. */
export function neededAgain(reference: Reference, name: string | null = null): NeededReference {
  const side = sideOfWaiting(reference);
  const { kind, internalId, internalName, quickbooksId, quickbooksName } = reference;
  const [id, stored] =
    side === 'internal' ? [internalId, internalName] : [quickbooksId, quickbooksName];
  return {
    kind,
    side,
    id: id ?? '',
    name: name ?? stored ?? id ?? '',
    email: null,
    sku: null,
  };
}

/** Whether news of a record can end the waiting: it may be the one that is meant, or was one of several that might be. */
export const isNewsFor = (reference: Reference, record: ReferenceRecord): boolean =>
  reference.candidates.some(({ id }) => id === record.id) ||
  matchReference(neededAgain(reference), [record]).kind === 'matched';

/**
 * The pairing as it stands after looking again: with its one counterpart, or with those it may be now. Null where looking
 * brought nothing new. A match is stored on the very row it was looked for, so that what a person does meanwhile stays.
 */
export function lookedAgain(
  reference: Reference,
  needed: NeededReference,
  match: ReferenceMatch,
): Reference | null {
  const version = reference.version === undefined ? {} : { version: reference.version };
  if (match.kind === 'matched') return { ...pairedWith(needed, match.record), ...version };
  const found = match.kind === 'ambiguous' ? match.candidates : [];
  const status = match.kind === 'ambiguous' ? 'AMBIGUOUS' : 'MISSING';
  const after = waitingFor(needed, status, found, reference);
  return saysSame(reference, after) ? null : after;
}

/** Where nothing fits, those that were offered before stay on offer. */
function saysSame(before: Reference, after: Reference): boolean {
  const ids = ({ candidates }: Reference) => candidates.map(({ id }) => id).join('\n');
  const sameNames =
    before.internalName === after.internalName && before.quickbooksName === after.quickbooksName;
  const isOnOffer = after.status === 'MISSING' && before.status === 'MISSING';
  return sameNames && before.status === after.status && (isOnOffer || ids(before) === ids(after));
}
