import { builder } from '../builder.ts';

/** Words of an invoice: how it stands and how its fields compare. */
export const InvoiceSyncStatusEnum = builder.enumType('InvoiceSyncStatus', {
  description: 'Where an invoice stands as a whole; exactly one at any time.',
  values: {
    IN_SYNC: { description: 'Both sides agree with the base snapshot.' },
    PENDING: { description: 'A change is known and waiting for its turn.' },
    IN_FLIGHT: { description: 'A change is being applied right now.' },
    UNCERTAIN: {
      description:
        'A write got no answer; it may have happened and is being checked before anything else is tried.',
    },
    CONFLICT: { description: 'Both sides changed the same field; a person or a rule must choose.' },
    DEAD_LETTERED: {
      description: 'The bridge gave up on the newest change; it needs a replay or a fix.',
    },
    UNLINKED: {
      description:
        'Not synced by choice: on one side only and not due on the other, or dated before go-live.',
    },
    PAUSED: { description: 'A person paused syncing for this invoice or its company.' },
  } as const,
});

export const InvoiceStateEnum = builder.enumType('InvoiceState', {
  description: 'Status of an invoice as its own side sees it.',
  values: {
    DRAFT: { description: 'Not sent.' },
    OPEN: { description: 'Sent, nothing paid.' },
    PARTIALLY_PAID: { description: 'Partly paid.' },
    PAID: { description: 'Fully paid.' },
    VOID: { description: 'Voided.' },
    DELETED: { description: 'Deleted.' },
  } as const,
});

export const FieldStateEnum = builder.enumType('FieldState', {
  description: 'How the two sides stand against the base for one field.',
  values: {
    SAME: { description: 'Equal everywhere.' },
    CHANGED_INTERNALLY: { description: 'Only the internal side changed.' },
    CHANGED_IN_QUICKBOOKS: { description: 'Only QuickBooks changed.' },
    CONVERGED: { description: 'Both changed, to the same value.' },
    DIVERGED: { description: 'Both changed, to different values.' },
  } as const,
});

export const FieldRuleEnum = builder.enumType('FieldRule', {
  description: 'Rule for who wins a field.',
  values: {
    INTERNAL_WINS: { description: 'Internal value always wins.' },
    QUICKBOOKS_WINS: { description: 'QuickBooks value always wins.' },
    LATEST_WINS: { description: 'The later edit wins, when both clocks are trustworthy.' },
    ASK: { description: 'Ask a person.' },
    READ_ONLY: {
      description: 'Never written by the bridge (tax, balance and other computed fields).',
    },
  } as const,
});

export const ValueKindEnum = builder.enumType('ValueKind', {
  description: 'Kind of value a field holds, so that a client can render and compare it.',
  values: {
    TEXT: { description: 'Plain text.' },
    MONEY: { description: 'Money.' },
    NUMBER: { description: 'Number without currency.' },
    DATE: { description: 'Calendar date.' },
    BOOLEAN: { description: 'Yes or no.' },
    REFERENCE: { description: 'Reference to a customer, item, tax code or term.' },
    LINE: { description: 'Whole line added or removed.' },
  } as const,
});

export const ExternalRefKindEnum = builder.enumType('ExternalRefKind', {
  description: 'What an external reference is.',
  values: {
    ID: { description: "That side's id." },
    NUMBER: { description: 'The invoice number.' },
  } as const,
});
