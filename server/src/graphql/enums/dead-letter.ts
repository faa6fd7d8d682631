import { builder } from '../builder.ts';

/** Words of dead letters. */
export const DeadLetterReasonEnum = builder.enumType('DeadLetterReason', {
  description: "Why a change was dead-lettered, in the operator's terms.",
  values: {
    RETRIES_EXHAUSTED: { description: 'Too many temporary failures.' },
    VALIDATION: { description: 'QuickBooks refused the data.' },
    PERIOD_CLOSED: { description: 'Books are closed for that date.' },
    MISSING_REFERENCE: { description: 'Customer, item, tax code or account has no counterpart.' },
    DUPLICATE_NUMBER: { description: 'Another document already uses that number.' },
    AUTHORIZATION: { description: 'Access to the company was revoked or expired.' },
    MAPPING: { description: 'The payload could not be translated; most likely our bug.' },
    AMBIGUOUS_WRITE: { description: 'The outcome of an earlier write could not be determined.' },
  } as const,
});

export const DeadLetterStatusEnum = builder.enumType('DeadLetterStatus', {
  description: 'Life of a dead letter.',
  values: {
    OPEN: { description: 'Waiting for a person.' },
    REPLAYING: { description: 'A replay is under way.' },
    REPLAYED: { description: 'A replay settled.' },
    DISCARDED: { description: 'A person decided it is not needed.' },
    SUPERSEDED: { description: 'A newer change for the same invoice made it moot.' },
  } as const,
});

export const ReplaySafetyEnum = builder.enumType('ReplaySafety', {
  description: 'Whether a replay could do harm.',
  values: {
    SAFE: { description: 'Protected by an idempotency key or a version check.' },
    RECHECKED: {
      description: 'The invoice moved on since; the replay will be compared again, never forced.',
    },
    POINTLESS: { description: 'Would fail the same way; fix the cause first.' },
    RISKY: { description: 'Could duplicate a document; needs an explicit override.' },
  } as const,
});

export const DeadLetterOrderFieldEnum = builder.enumType('DeadLetterOrderField', {
  description: 'Fields dead letters can be sorted by.',
  values: {
    DIED_AT: { description: 'When it died.' },
    AMOUNT: { description: 'Invoice total.' },
  } as const,
});
