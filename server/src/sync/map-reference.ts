import { isMakeableOn, type ReferenceRequest } from '#core/mapping/reference.ts';
import { otherSide, sideNames, type Side } from '#core/side.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedReference,
  LockedRows,
  Refusal,
  RequestedChange,
  RequestedPairing,
  RequestOutcome,
} from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  illegal,
  notFound,
  staleSince,
  type Ask,
  type Desk,
} from './change-request.ts';
import { kindWords } from './references.ts';

export type MapReference = {
  readonly referenceId: string;
  readonly expectedVersion: number;
  /** Id of a record on the side that lacks it; null has the bridge make one there. */
  readonly counterpartId: string | null;
};

/**
 * Pairs a reference with a record of the other side, or has the bridge make one. Only the worker speaks with the sides
 * (architecture.md §3, "Lease"): it looks at the record before it first uses it, and lets go on what waited.
 */
export const mapReference = (desk: Desk, ask: Ask<MapReference>): Promise<RequestOutcome> =>
  answerOnce(desk, 'mapReference', ask, async (rows) => {
    const reference = await rows.reference(ask.input.referenceId);
    if (reference === null || !maySee(ask.caller, reference.companyId)) return notFound;
    if (reference.version !== ask.input.expectedVersion) return staleSince(reference);
    const pairing = await pairingFor(rows, reference, ask.input.counterpartId);
    if ('kind' in pairing) return pairing;
    await rows.record(changeOf(ask, reference, pairing));
    const { companyId, id } = reference;
    return { companyId, subjectId: id, eventId: null, undoToken: null };
  });

/** The side the pairing has its record from; what both sides have is ours. */
const sideOf = ({ internalId }: LockedReference): Side =>
  internalId === null ? 'quickbooks' : 'internal';

const ownName = ({ internalName, quickbooksName, internalId, quickbooksId }: LockedReference) =>
  internalName ?? quickbooksName ?? internalId ?? quickbooksId ?? 'The record';

const titleOf = (reference: LockedReference): string =>
  `${kindWords[reference.kind]} “${ownName(reference)}”`;

/** Longest id either side gives out, in characters. */
const idLengthMax = 255;

async function pairingFor(
  rows: LockedRows,
  reference: LockedReference,
  counterpartId: string | null,
): Promise<RequestedPairing | Refusal> {
  if (counterpartId === null) return whyNotMade(reference) ?? pairingWith(reference, null, 'MAKE');
  const id = counterpartId.trim();
  if (id === '' || id.length > idLengthMax) return invalid('Name a record of the other side.');
  const name = reference.candidates.find((one) => one.id === id)?.name ?? null;
  const paired = pairingWith(reference, { id, name }, 'CHECK');
  if (sideOf(reference) === 'internal') return paired;
  const other = await rows.referenceOf(reference.companyId, reference.kind, id);
  if (other === null) return paired;
  if (other.status === 'MATCHED')
    return illegal(
      `“${ownName(other)}” of internal invoicing already stands for “${other.quickbooksName ?? other.quickbooksId}” in QuickBooks.`,
      false,
    );
  return { ...paired, internalName: other.internalName, replacesId: other.id };
}

function whyNotMade(reference: LockedReference): Refusal | null {
  const { kind, status } = reference;
  const where = otherSide(sideOf(reference));
  if (status === 'MATCHED')
    return illegal(`${titleOf(reference)} has a counterpart in ${sideNames[where]}.`, false);
  return isMakeableOn(where, kind)
    ? null
    : invalid(
        `${kindWords[kind]} cannot be made in ${sideNames[where]} by the bridge; pair it with a record that is there.`,
      );
}

const invalid = (message: string): Refusal => ({
  kind: 'invalid',
  issues: [{ path: ['counterpartId'], message }],
});

type Chosen = { readonly id: string; readonly name: string | null };

function pairingWith(
  reference: LockedReference,
  chosen: Chosen | null,
  request: ReferenceRequest,
): RequestedPairing {
  const { id, internalId, internalName, quickbooksId, quickbooksName, status } = reference;
  const own = { id, internalId, internalName, quickbooksId, quickbooksName, replacesId: null };
  if (chosen === null) return { ...own, status, request };
  return sideOf(reference) === 'internal'
    ? { ...own, quickbooksId: chosen.id, quickbooksName: chosen.name, status: 'MATCHED', request }
    : { ...own, internalId: chosen.id, internalName: chosen.name, status: 'MATCHED', request };
}

function changeOf(
  ask: Ask<MapReference>,
  reference: LockedReference,
  pairing: RequestedPairing,
): RequestedChange {
  const { companyId, id, kind } = reference;
  const from = sideOf(reference);
  const where = sideNames[otherSide(from)];
  const counterpartOf = ({ internalId, quickbooksId }: LockedReference | RequestedPairing) =>
    from === 'internal' ? quickbooksId : internalId;
  const after = counterpartOf(pairing);
  const summary =
    pairing.request === 'MAKE'
      ? `${titleOf(reference)} is made in ${where} once an invoice needs it, as ${ask.caller.name} asked.`
      : `${titleOf(reference)} was paired with ${after} in ${where} by ${ask.caller.name}.`;
  const path = `reference.${kind}.${from === 'internal' ? reference.internalId : reference.quickbooksId}`;
  const changes = [{ path, side: null, before: counterpartOf(reference), after }];
  const subject = { type: 'Reference', id } as const;
  return {
    companyId,
    linkId: null,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    pairing,
    audit: [entryOf(ask, 'REFERENCE_MAPPED', summary, subject, { changes })],
    stream: [{ type: 'REFERENCE_CHANGED', summary, detail: { referenceId: id } }],
  };
}
