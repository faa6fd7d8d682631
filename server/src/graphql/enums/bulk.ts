import { builder } from '../builder.ts';

/** Words of bulk operations. */
export const BulkStatusEnum = builder.enumType('BulkStatus', {
  description: 'Life of a bulk operation.',
  values: {
    QUEUED: { description: 'Accepted, not started.' },
    RUNNING: { description: 'Working.' },
    SUCCEEDED: { description: 'Every item done.' },
    PARTIAL: { description: 'Done, some items failed.' },
    CANCELLED: { description: 'Stopped by a person; finished items stay finished.' },
  } as const,
});
