import type { AuditChange } from '#core/audit/entry.ts';
import type { ReferenceRecord } from '#core/mapping/reference.ts';
import { sideOfWaiting } from '#core/mapping/rematch.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import { otherSide, sideNames } from '#core/side.ts';
import type { ToldRecord } from '#ports/pairings.ts';
import type { Changed } from './look-again.ts';
import { kindWords } from './references.ts';

type Records = ReadonlyMap<string, ReferenceRecord>;

/**
 * Pairings with what was merged into another record move along. Only what is really gone was merged: one that is still there
 * was told of wrongly (quickbooks.md §2.8).
 */
export const mergedAway = (
  told: readonly ToldRecord[],
  pairs: readonly StoredReference[],
  records: Records,
): readonly Changed[] =>
  pairs.flatMap((before) => {
    const merge = told.find(({ deletedId }) => deletedId === before.quickbooksId);
    const winner = records.get(merge?.id ?? '');
    if (merge === undefined || winner === undefined) return [];
    if (records.has(merge.deletedId ?? '')) return [];
    const after = { ...before, quickbooksId: winner.id, quickbooksName: winner.name };
    return [{ before, after }];
  });

/** Pairings keep the name their QuickBooks record goes by; one that was put away keeps the name it had in use. */
export const renamed = (pairs: readonly StoredReference[], records: Records): readonly Changed[] =>
  pairs.flatMap((before) => {
    const record = records.get(before.quickbooksId ?? '');
    return record?.active === true && record.name !== before.quickbooksName
      ? [{ before, after: { ...before, quickbooksName: record.name } }]
      : [];
  });

/** What the audit trail says; null where only a name or the records on offer changed. */
export function wordsFor({
  before,
  after,
}: Changed): { readonly summary: string; readonly change: AuditChange } | null {
  const side = sideOfWaiting(before);
  const idIn = (one: Pick<StoredReference, 'internalId' | 'quickbooksId'>) =>
    side === 'internal' ? one.quickbooksId : one.internalId;
  if (after.status !== 'MATCHED' || idIn(before) === idIn(after)) return null;
  const [own, id] =
    side === 'internal'
      ? [before.internalName, before.internalId]
      : [before.quickbooksName, before.quickbooksId];
  const name = side === 'internal' ? after.quickbooksName : after.internalName;
  const title = `${kindWords[before.kind]} “${own ?? id}”`;
  const where = sideNames[otherSide(side)];
  const summary =
    before.status === 'MATCHED'
      ? `QuickBooks merged “${before.quickbooksName ?? before.quickbooksId}” (${before.quickbooksId}) into “${name}” (${after.quickbooksId}); ${title} stands for that one now.`
      : `${title} was found in ${where} as “${name}” (${idIn(after)}); what waited for it goes on.`;
  const path = `reference.${before.kind}.${id}`;
  return {
    summary,
    change: { path, side: null, before: idIn(before), after: idIn(after) },
  };
}

/** What became of the news of a record. */
export function noteOf({ kind, id, deletedId }: ToldRecord, changed: readonly Changed[]): string {
  const mine = changed.filter(
    ({ before, after }) => before.kind === kind && after.quickbooksId === id,
  );
  if (mine.some(({ before }) => before.status !== 'MATCHED'))
    return 'Invoices waited for it; they go on.';
  if (mine.some(({ before }) => before.quickbooksId === deletedId))
    return 'Another record was merged into it; what stood for that one stands for it now.';
  if (mine.length > 0) return 'Its new name was noted.';
  return 'It concerns nothing that the bridge carries.';
}
