import type { AuditEntry } from '#core/audit/entry.ts';
import { sideNames, type Side } from '#core/side.ts';
import type { LinkChange, StreamRecord } from '#ports/store.ts';
import type { Arrival } from './arrival.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { auditOf } from './record.ts';

/** Ids of the two documents before a write, as the link has them. */
type Linked = Pick<Crossing['link'], 'internalId' | 'quickbooksId'>;

const idOn = ({ internalId, quickbooksId }: Linked, side: Side): string | null =>
  side === 'internal' ? internalId : quickbooksId;

/** What else a step says and keeps when a new document has taken the place of one that is gone; nothing for other writes. */
export function replacedBy(
  crossing: Crossing,
  arrivals: readonly Arrival[],
): {
  readonly link: Pick<LinkChange, 'replaced'>;
  readonly audit: readonly AuditEntry[];
  readonly stream: readonly StreamRecord[];
} {
  const made = arrivals.find(({ intent }) => intent.operation === 'CREATED');
  const side = made?.intent.side ?? 'internal';
  const old = idOn(crossing.link, side);
  if (made === undefined || old === null || old === made.written.id)
    return { link: {}, audit: [], stream: [] };
  const summary = `${nameOf(crossing)}: ${made.written.id} has taken the place of ${old} in ${sideNames[side]}.`;
  const path = side === 'internal' ? 'internalId' : 'quickbooksId';
  const changes = [{ path, side: null, before: old, after: made.written.id }];
  return {
    link: { replaced: { side, id: old } },
    audit: [auditOf(crossing, 'LINK_CHANGED', summary, changes)],
    stream: [{ type: 'INVOICE_CHANGED', summary, detail: {} }],
  };
}
