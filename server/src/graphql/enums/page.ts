import { builder } from '../builder.ts';

/** Words of lists: order and time resolution. */
export const SortDirectionEnum = builder.enumType('SortDirection', {
  description: 'Sort direction.',
  values: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Largest or newest first.' },
  } as const,
});

export const InvoiceOrderFieldEnum = builder.enumType('InvoiceOrderField', {
  description: 'Fields invoices can be sorted by.',
  values: {
    CHANGED_AT: { description: 'Last change on either side.' },
    NUMBER: { description: 'Invoice number, natural order.' },
    TOTAL: { description: 'Total of the internal side, or of QuickBooks when unlinked.' },
    DUE_DATE: { description: 'Due date.' },
  } as const,
});

export const ResolutionEnum = builder.enumType('Resolution', {
  description: 'Time resolution of a series.',
  values: {
    MINUTE: { description: 'One minute.' },
    HOUR: { description: 'One hour.' },
    DAY: { description: 'One day.' },
  } as const,
});
