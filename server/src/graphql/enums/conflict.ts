import { builder } from '../builder.ts';

/** Words of conflicts. */
export const FieldChoiceEnum = builder.enumType('FieldChoice', {
  description: 'Pick for one field of a conflict.',
  values: {
    KEEP_INTERNAL: { description: 'Take the internal value.' },
    KEEP_QUICKBOOKS: { description: 'Take the QuickBooks value.' },
    KEEP_BASE: { description: 'Go back to the last agreed value.' },
    CUSTOM: { description: 'Write a value typed by the person.' },
  } as const,
});

export const ConflictStatusEnum = builder.enumType('ConflictStatus', {
  description: 'Life of a conflict.',
  values: {
    OPEN: { description: 'Waiting for a decision.' },
    UNDO_WINDOW: { description: 'Decision taken, still inside the undo window.' },
    APPLYING: { description: 'Decision is crossing to the side or sides that must change.' },
    RESOLVED: { description: 'Both sides verified equal.' },
    SUPERSEDED: { description: 'Closed because later changes made the sides agree.' },
  } as const,
});

export const ConflictOrderFieldEnum = builder.enumType('ConflictOrderField', {
  description: 'Fields conflicts can be sorted by.',
  values: {
    DETECTED_AT: { description: 'When it was found.' },
    AMOUNT_AT_STAKE: { description: 'Money the two sides disagree about.' },
  } as const,
});
