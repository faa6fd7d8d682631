/** What a person may pick for a disputed field. */
export type FieldChoice = 'KEEP_INTERNAL' | 'KEEP_QUICKBOOKS' | 'KEEP_BASE' | 'CUSTOM';
