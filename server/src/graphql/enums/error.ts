import { builder } from '../builder.ts';

/** Failure codes. */
export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Stable, machine-readable failure codes; new ones may be added.',
  values: {
    VALIDATION: { description: 'Input failed validation.' },
    NOT_FOUND: { description: 'No such object, or not visible to you.' },
    STALE_VERSION: { description: 'Object changed since you read it.' },
    ILLEGAL_STATE: { description: "Not possible in the object's present state." },
    IDEMPOTENCY_KEY_REUSED: { description: 'Same idempotency key, different input.' },
    IDEMPOTENCY_IN_PROGRESS: { description: 'Same idempotency key is still being worked on.' },
    PERIOD_CLOSED: { description: 'The accounting period is closed.' },
    QUICKBOOKS_REJECTED: { description: 'QuickBooks refused.' },
    COMPANY_UNAVAILABLE: { description: 'Company cannot be reached or is paused.' },
    UNDO_EXPIRED: { description: 'The undo window is over.' },
    COUNT_MISMATCH: {
      description: 'The number of matching items differs from the number confirmed.',
    },
    LIMIT_EXCEEDED: { description: 'Too much asked for at once.' },
  } as const,
});
