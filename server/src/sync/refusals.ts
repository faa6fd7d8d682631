import type { Direction } from '#core/event/event.ts';
import { unreachable } from '#core/unreachable.ts';
import type { InputProblem, LockedCompany, LockedLink, Refusal } from '#ports/change-requests.ts';
import { illegal, nameOfLink } from './change-request.ts';

/** Longest reason or note a person may give, in characters. */
const noteLengthMax = 2_000;

const pausedWords = {
  TO_QUICKBOOKS: 'Changes on their way to QuickBooks are paused for this company.',
  TO_INTERNAL: 'Changes on their way to internal invoicing are paused for this company.',
} as const satisfies Record<Direction, string>;

/** Why nothing crosses for the company that way; null when it does. */
export function whyClosed(company: LockedCompany, direction: Direction): Refusal | null {
  const closed = (message: string, retryable: boolean) =>
    illegal(message, retryable, 'COMPANY_UNAVAILABLE');
  switch (company.status) {
    case 'AWAITING_AUTHORIZATION':
      return closed('QuickBooks is not connected yet.', true);
    case 'NEEDS_RECONNECT':
      return closed('QuickBooks access lapsed; reconnect the company first.', true);
    case 'DISCONNECTED':
      return closed('The company is disconnected.', false);
    case 'PAUSED':
    case 'ACTIVE':
      return company.pausedDirections.includes(direction)
        ? closed(pausedWords[direction], true)
        : null;
    default:
      return unreachable(company.status);
  }
}

/** A paused invoice waits for its restart, whatever is asked of it. */
export const whyPaused = (link: LockedLink): Refusal | null =>
  link.facts.paused ? illegal(`${nameOfLink(link)} is paused; restart it first.`, true) : null;

/** A dead letter that could make a second document is replayed by itself, with its number as confirmation. */
export const whyRisky = (link: LockedLink): Refusal | null =>
  link.openDeadLetterReason === 'AMBIGUOUS_WRITE'
    ? illegal(
        `${nameOfLink(link)} stopped because a write may have happened. Replay its dead letter, with the invoice number as confirmation.`,
        false,
      )
    : null;

/** What is wrong with a reason or note. */
export function noteProblems(name: string, text: string | null): readonly InputProblem[] {
  if (text === null || (text.trim() !== '' && text.length <= noteLengthMax)) return [];
  const message =
    text.trim() === ''
      ? 'Say it in words, or leave it out where you may.'
      : `Say it in at most ${noteLengthMax} characters.`;
  return [{ path: [name], message }];
}
