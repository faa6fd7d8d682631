import { deadLetterOf, fixFor, type DeadLetter } from '#core/attempt/dead-letter.ts';
import { paymentsForbid, type CallFailure, type Fault } from '#core/attempt/failure.ts';
import { paidInternally } from '#core/plan/plan-gone.ts';
import type { Stop } from '#core/plan/stop.ts';
import type { Side } from '#core/side.ts';
import { nameOf, type Crossing } from './crossing.ts';
import {
  auditOf,
  deadLetterEnded,
  markNow,
  record,
  statusMoved,
  type StepParts,
} from './record.ts';

/** What happened, for the person who watches. */
export function causeOf(failure: CallFailure): string {
  if ('cause' in failure) return failure.cause;
  return 'fault' in failure && failure.fault !== null
    ? failure.fault.message
    : `The call failed (${failure.kind}).`;
}

/** A refusal in words; any other failure that ends here is ours to explain. */
export function refusalOf(failure: CallFailure, side: Side): DeadLetter {
  if (failure.kind === 'refused')
    return failure.fault.code === paymentsForbid
      ? held(paidInternally)
      : deadLetterOf(failure, side);
  return {
    reason: 'MAPPING',
    explanation: causeOf(failure),
    suggestedFix: fixFor('MAPPING'),
    cause: `MAPPING:${failure.kind}`,
  };
}

export const exhausted = (failure: CallFailure, failures: number): DeadLetter => ({
  reason: 'RETRIES_EXHAUSTED',
  explanation: `It failed ${failures} times over more than an hour. The last time: ${causeOf(failure)}`,
  suggestedFix: fixFor('RETRIES_EXHAUSTED'),
  cause: `RETRIES_EXHAUSTED:${failure.kind}`,
});

export const crashed = (marks: number): DeadLetter => ({
  reason: 'RETRIES_EXHAUSTED',
  explanation: `The worker stopped ${marks} times while it worked on this invoice, so it is left alone.`,
  suggestedFix: ['Tell the operator of LedgerBridge, with the correlation id.', 'Then replay.'],
  cause: 'RETRIES_EXHAUSTED:crash',
});

/** A hold that the plan opened before any write. */
export const held = (stopped: Stop): DeadLetter => ({
  reason: stopped.reason,
  explanation: stopped.explanation,
  suggestedFix: stopped.fix,
  cause: `${stopped.reason}:plan`,
});

/** What QuickBooks could not hold is not even sent: it would be refused, or cut without a word. */
export const unacceptable = (problems: readonly string[]): DeadLetter => ({
  reason: 'VALIDATION',
  explanation: `QuickBooks could not hold it as it is, so nothing was sent: ${problems.join(' ')}`,
  suggestedFix: fixFor('VALIDATION'),
  cause: `VALIDATION:${problems.join('|')}`,
});

/** Stops the link until a person acts or something heals it; nothing is lost, and a newer event tries again. */
export async function stop(
  crossing: Crossing,
  letter: DeadLetter,
  parts: StepParts = {},
): Promise<void> {
  const { engine, link } = crossing;
  const id = engine.ids.next();
  const now = engine.clock.now();
  await record(crossing, {
    ...parts,
    marks: [...(parts.marks ?? []), markNow(crossing, 'DEAD_LETTERED', letter.explanation)],
    end: true,
    attempt: { ...parts.attempt, endedAt: now, outcome: parts.attempt?.outcome ?? 'REJECTED' },
    // What it died on before is over: the newest cause is the one that stands.
    healsDeadLetter: link.openDeadLetterId !== null,
    deadLetter: {
      id,
      reason: letter.reason,
      explanation: letter.explanation,
      suggestedFix: letter.suggestedFix,
      fingerprint: engine.digest.sha256(letter.cause).slice(0, 16),
      fault: faultIn(parts),
      waitsFor: letter.waitsFor ?? [],
    },
    link: {
      ...parts.link,
      openDeadLetterId: id,
      statusReason: letter.explanation,
      release: { dueInMs: null },
    },
    audit: [
      ...(parts.audit ?? []),
      statusMoved(crossing, 'DEAD_LETTERED', letter.explanation),
      {
        ...auditOf(crossing, 'DEAD_LETTERED', `${nameOf(crossing)} stopped: ${letter.explanation}`),
        subject: { type: 'DeadLetter', id },
      },
    ],
    stream: [
      ...(parts.stream ?? []),
      ...deadLetterEnded(
        crossing,
        'stopped again; a newer dead letter takes the place of this one.',
      ),
      {
        type: 'DEAD_LETTERED',
        summary: `${nameOf(crossing)} stopped: ${letter.explanation}`,
        detail: { deadLetterId: id },
      },
    ],
  });
}

const faultIn = (parts: StepParts): Fault | null => parts.attempt?.fault ?? null;
