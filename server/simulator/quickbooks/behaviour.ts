import { z } from 'zod';

/**
 * Everything nobody outside Intuit knows (quickbooks.md §10), each as a knob with a default.
 * `PUT /_control/behaviour` changes any of them; `docs/simulator-differences.md` explains them.
 */
export const behaviourSchema = z.strictObject({
  /** What a repeated requestid does (§3). */
  requestid: z.enum(['replay', 'ignore', 'reject']),
  requestidRetentionSeconds: z.number().nonnegative(),
  /** A second copy while the first still runs. */
  requestidInFlight: z.enum(['wait', 'reject', 'execute']),
  /** The same requestid with another body. */
  requestidOtherBody: z.enum(['replay', 'reject', 'execute']),
  /** A replay shows the answer as first given, or the object as it is now. */
  requestidReplayShows: z.enum(['original', 'current']),
  /** Whether an answer that was a fault is replayed too. */
  replayFaults: z.boolean(),
  /** A payment raises the SyncToken of the invoices it pays, not only their time (§4.1). */
  tokenOnPayment: z.boolean(),
  /** Void or delete of an invoice with payments, through the API (§2.6). A person's hand always unlinks. */
  voidPaid: z.enum(['refuse', 'unlink']),
  /** Sending an invoice by e-mail raises its SyncToken (§7.6). */
  tokenOnSend: z.boolean(),
  /** How long query results lag behind reads by id (§4.1). */
  queryLagMs: z.int().nonnegative(),
  /** STARTPOSITION 0 (§2.7). */
  startPositionZero: z.enum(['refuse', 'accept']),
  /** When a refresh returns a new refresh token (§1.2). */
  refreshRotation: z.enum(['daily', 'every', 'never']),
  /** How long the previous refresh token still works after a rotation. */
  refreshGraceSeconds: z.number().nonnegative(),
  /** Amount differs from Qty times UnitPrice (§7.3). */
  amountMismatch: z.enum(['rewrite-price', 'refuse']),
  /** The code for a reference to something inactive (§4.2). */
  inactiveReference: z.enum(['610', '2500', '6250']),
  currencyMismatchCode: z.string(),
  /** Whether a DocNumber must be unique (§3). */
  duplicateDocNumber: z.enum(['refuse', 'accept']),
  /** The text of a 6240: a sentence and an empty element, or the words `null` and no element; both were recorded (§3). */
  duplicateNameDetail: z.enum(['sentence', 'null']),
  privateNoteMax: z.int().positive(),
  /** A row changed in the very second of `changedSince` is in the answer (§2.8). */
  cdcBoundary: z.enum(['inclusive', 'exclusive']),
  /** What stands for a type without changes. */
  cdcEmptyType: z.enum(['empty-object', 'absent']),
  /** Voided invoices carry `status: "Voided"` in CDC. */
  cdcMarksVoided: z.boolean(),
  /** `Entity/id` of rows CDC reports as deleted though they were only updated (§2.8). */
  cdcFalseDeleted: z.array(z.string()),
  /** `Entity/id` of rows that make a whole CDC call fail with 4002 (§2.8). */
  cdcPoison: z.array(z.string()),
  /** Events for rows that changed only because something else did (§6.1). */
  derivedEvents: z.enum(['none', 'invoices', 'all']),
  /** Events for updates that changed nothing. */
  noopEvents: z.boolean(),
  /** Spelling of the operation in CloudEvents of voided objects (§6.1). */
  voidEventName: z.enum(['voided', 'void']),
  /** Several realms in one delivery (§6.1). */
  mixedRealms: z.boolean(),
  /** Body of a 429: the recorded XML, or the lower-case envelope expected today (§5). */
  throttleBody: z.enum(['xml', 'json']),
  /** Retry-After of a 429 in seconds; null leaves the header out. */
  throttleRetryAfter: z.number().nullable(),
  /** Faults of the data service come with HTTP 200 (§2.3). */
  faultsAsOk: z.boolean(),
  /** Whole-company stop conditions (§1.3). */
  companyStatus: z.enum(['active', 'lapsed', 'locked', 'maintenance', 'access-lost', 'reset']),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

export const defaultBehaviour: Behaviour = {
  requestid: 'replay',
  requestidRetentionSeconds: 30 * 86_400,
  requestidInFlight: 'wait',
  requestidOtherBody: 'replay',
  requestidReplayShows: 'original',
  replayFaults: false,
  tokenOnPayment: false,
  voidPaid: 'refuse',
  tokenOnSend: false,
  queryLagMs: 0,
  startPositionZero: 'refuse',
  refreshRotation: 'daily',
  refreshGraceSeconds: 0,
  amountMismatch: 'rewrite-price',
  inactiveReference: '610',
  currencyMismatchCode: '6000',
  duplicateDocNumber: 'refuse',
  duplicateNameDetail: 'sentence',
  privateNoteMax: 4_000,
  cdcBoundary: 'inclusive',
  cdcEmptyType: 'empty-object',
  cdcMarksVoided: false,
  cdcFalseDeleted: [],
  cdcPoison: [],
  derivedEvents: 'invoices',
  noopEvents: false,
  voidEventName: 'voided',
  mixedRealms: false,
  throttleBody: 'xml',
  throttleRetryAfter: null,
  faultsAsOk: false,
  companyStatus: 'active',
};
