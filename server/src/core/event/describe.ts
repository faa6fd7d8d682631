import { sideNames, type Side } from '../side.ts';
import type { ChangeKind, Direction, IncomingEvent, Subject } from './event.ts';
import type { Stage } from './stage.ts';

const kindWords = {
  CREATED: 'was created',
  UPDATED: 'was changed',
  VOIDED: 'was voided',
  DELETED: 'was deleted',
  PAYMENT_APPLIED: 'received a payment',
  PAYMENT_CHANGED: 'had a payment changed',
  PAYMENT_REMOVED: 'had a payment removed',
  REFERENCE_CHANGED: 'had a record it refers to changed',
  OTHER: 'had something happen to it',
} as const satisfies Record<ChangeKind, string>;

const paymentWords: Readonly<Partial<Record<ChangeKind, string>>> = {
  PAYMENT_APPLIED: 'was applied',
  PAYMENT_CHANGED: 'was changed',
  PAYMENT_REMOVED: 'was removed',
};

const subjectWords = {
  invoice: 'Invoice',
  payment: 'Payment',
  customer: 'Customer',
  item: 'Item',
  other: 'Record',
} as const satisfies Record<Subject['kind'], string>;

/** One sentence for the moment an event is stored; about the invoice where the teller names one. */
export function describeArrival({
  subject,
  kind,
}: Pick<IncomingEvent, 'subject' | 'kind'>): string {
  const where = sideNames[subject.side];
  if (subject.invoiceId !== null || subject.kind === 'invoice')
    return `Invoice ${subject.invoiceId ?? subject.id} ${kindWords[kind]} in ${where}.`;
  const words = kind === 'REFERENCE_CHANGED' ? 'was changed' : paymentWords[kind];
  return `${subjectWords[subject.kind]} ${subject.id} ${words ?? kindWords[kind]} in ${where}.`;
}

const stageWords = {
  DETECTED: 'was noticed',
  QUEUED: 'is stored and waiting for its turn',
  CLAIMED: 'was taken up by the worker',
  MAPPED: 'was read on both sides and put in the same terms',
  COMPARED: 'was compared with what both sides last agreed on',
  SENDING: 'is on its way to',
  ACKNOWLEDGED: 'was accepted by',
  VERIFIED: 'was checked against the answer',
  SETTLED: 'settled on both sides',
  RETRY_SCHEDULED: 'will be tried again',
  HELD: 'waits for a decision',
  DEAD_LETTERED: 'stopped until a person acts',
  SKIPPED: 'needed nothing',
} as const satisfies Record<Stage, string>;

/** Stages that are about the side written to. */
const namesSide = (stage: Stage): stage is 'SENDING' | 'ACKNOWLEDGED' =>
  stage === 'SENDING' || stage === 'ACKNOWLEDGED';

const alongWords = {
  SENDING: 'goes along with a write on its way to',
  ACKNOWLEDGED: 'went along with a write that was accepted by',
} as const;

/** A change is told of the write that goes its own way; of another one only that it goes along. */
function sidedWords(stage: 'SENDING' | 'ACKNOWLEDGED', { sides, direction }: WrittenTo): string {
  const own = sides.filter(
    (side) => direction === null || (direction === 'TO_QUICKBOOKS') === (side === 'quickbooks'),
  );
  const where = (own.length > 0 ? own : sides).map((side) => sideNames[side]).join(' and ');
  return `${own.length > 0 ? stageWords[stage] : alongWords[stage]} ${where}`;
}

/** Sides that are written to, and the way the change goes that is told of; null where all go the same way. */
export type WrittenTo = { readonly sides: readonly Side[]; readonly direction: Direction | null };

/** One sentence for a stage, the same that the live page reads out. */
export function describeStage(
  invoice: string,
  stage: Stage,
  note: string | null,
  writtenTo: WrittenTo,
): string {
  const words = namesSide(stage) ? sidedWords(stage, writtenTo) : stageWords[stage];
  return note === null ? `${invoice} ${words}.` : `${invoice} ${words}: ${note}`;
}
