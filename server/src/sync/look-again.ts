import { succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { matchReference } from '#core/mapping/match-reference.ts';
import {
  isNewsFor,
  isTold,
  lookedAgain,
  neededAgain,
  sideOfWaiting,
} from '#core/mapping/rematch.ts';
import type { Reference, ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { Drain } from './crossing.ts';
import { isTaken, matchInternalRecord } from './match-internally.ts';
import { callOptions } from './observe.ts';
import type { PolledRecords } from './rematch.ts';

/** A stored pairing and what it becomes. */
export type Changed = { readonly before: StoredReference; readonly after: Reference };

/**
 * Looks again for the counterparts of records that invoices wait for, where there is news that might end the waiting. Lists
 * are asked for once however many wait: QuickBooks by name, and its short lists and internal invoicing's whole.
 */
export async function lookAgain(
  work: Drain,
  waiting: readonly StoredReference[],
  { records, sides }: PolledRecords,
): Promise<CallOutcome<readonly Changed[]>> {
  const lists = createLists(work);
  const changed: Changed[] = [];
  for (const before of waiting) {
    const looked =
      sideOfWaiting(before) === 'internal'
        ? await lookInQuickbooks(lists, before, { records, sides })
        : await lookInternally(work, lists, before, { records, sides });
    if (!looked.ok) return looked;
    if (looked.value !== null) changed.push({ before, after: looked.value });
  }
  return succeeded(changed);
}

type List = readonly ReferenceRecord[];
type Lists = {
  readonly quickbooks: (kind: ReferenceKind, name: string) => Promise<CallOutcome<List>>;
  readonly internal: (kind: ReferenceKind) => Promise<CallOutcome<List>>;
};

function createLists(work: Drain): Lists {
  const asked = new Map<string, Promise<CallOutcome<List>>>();
  const once = (key: string, ask: () => Promise<CallOutcome<List>>): Promise<CallOutcome<List>> => {
    const answer = asked.get(key) ?? ask();
    asked.set(key, answer);
    return answer;
  };
  return {
    quickbooks: (kind, name) =>
      once(`quickbooks:${kind}:${isTold(kind) ? name : ''}`, () =>
        work.accounting.findReferences(kind, name, callOptions(work)),
      ),
    internal: (kind) =>
      once(`internal:${kind}`, () => work.invoicing.listReferences(kind, callOptions(work))),
  };
}

async function lookInQuickbooks(
  lists: Lists,
  before: StoredReference,
  { records, sides }: PolledRecords,
): Promise<CallOutcome<Reference | null>> {
  const { kind } = before;
  const own = sides.has('internal') ? await lists.internal(kind) : succeeded<List>([]);
  if (!own.ok) return own;
  const name = own.value.find(({ id }) => id === before.internalId)?.name ?? null;
  const isRenamed = name !== null && name !== before.internalName;
  const isNews = ofKind(records, kind).some((record) => isNewsFor(before, record));
  const isListed = !isTold(kind) && sides.has('quickbooks');
  if (!isRenamed && !isNews && !isListed) return succeeded(null);
  const needed = neededAgain(before, name);
  const found = await lists.quickbooks(kind, needed.name);
  return found.ok
    ? succeeded(lookedAgain(before, needed, matchReference(needed, found.value)))
    : found;
}

async function lookInternally(
  work: Drain,
  lists: Lists,
  before: StoredReference,
  { records, sides }: PolledRecords,
): Promise<CallOutcome<Reference | null>> {
  const { kind } = before;
  const told = ofKind(records, kind).find(({ id }) => id === before.quickbooksId);
  if (told === undefined && !sides.has('internal')) return succeeded(null);
  const found = await lists.internal(kind);
  if (!found.ok) return found;
  const needed = neededAgain(before, told?.name ?? null);
  const after = lookedAgain(before, needed, matchInternalRecord(needed, found.value));
  const isFree = after?.status !== 'MATCHED' || !(await isTaken(work, after));
  return succeeded(isFree ? after : null);
}

const ofKind = (records: PolledRecords['records'], kind: ReferenceKind): List =>
  isTold(kind) ? [...(records.get(kind)?.values() ?? [])] : [];
