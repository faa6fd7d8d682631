import { isExit } from '../crossing/stages.ts';
import type { StreamEvent } from './stream-store.ts';

/** Status and stages come with the stream itself; only some events mean that more must be read anew. */

/** The invoice's content or its links may have changed: a change ended, left the way, or it was no stage change. */
export function mayChangeInvoice(invoiceId: string) {
  return ({ invoice, detail }: StreamEvent): boolean =>
    invoice?.id === invoiceId &&
    (detail.__typename !== 'StageChange' || detail.to === 'SETTLED' || isExit(detail.to));
}

/** A decision, an attempt or a write of this change may be new. */
export function mayChangeAttempts(changeId: string) {
  return ({ detail }: StreamEvent): boolean =>
    detail.__typename === 'StageChange' &&
    detail.event.id === changeId &&
    (detail.to === 'COMPARED' ||
      detail.to === 'SENDING' ||
      detail.to === 'SETTLED' ||
      isExit(detail.to));
}

/** A change of this invoice that is not among those known. */
export function isUnknownChange(
  { invoice, detail }: StreamEvent,
  invoiceId: string,
  known: readonly { readonly id: string }[],
): boolean {
  if (invoice?.id !== invoiceId || detail.__typename !== 'StageChange') return false;
  const { id } = detail.event;
  return !known.some((change) => change.id === id);
}

/** A conflict was opened or moved on. */
export function isAboutConflicts({ type }: StreamEvent): boolean {
  return type === 'CONFLICT_OPENED' || type === 'CONFLICT_CHANGED';
}

/** This conflict, or an invoice it is about, may have changed. */
export function mayChangeConflict(
  event: StreamEvent,
  conflictId: string,
  invoiceId: string | undefined,
): boolean {
  const { detail } = event;
  if (detail.__typename === 'Conflict' && detail.id === conflictId) return true;
  return invoiceId !== undefined && mayChangeInvoice(invoiceId)(event);
}

/** A change stopped, or one that had stopped moved on. */
export function isAboutDeadLetters({ type }: StreamEvent): boolean {
  return type === 'DEAD_LETTERED' || type === 'DEAD_LETTER_CHANGED';
}

/** Something a stopped change waits for, or is about, may have changed. */
export function mayChangeDeadLetters(event: StreamEvent): boolean {
  return isAboutDeadLetters(event) || event.detail.__typename === 'Reference';
}

/** Health, budgets and the age of what waits may have changed. */
export function mayChangeHealth({ type }: StreamEvent): boolean {
  return type === 'COMPANY_CHANGED' || type === 'STAGE_CHANGED' || type === 'DEAD_LETTERED';
}
