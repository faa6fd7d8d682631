/** Limits of the worker; every span is in milliseconds. */
export const workerLimits = {
  /** One call to a side; below QuickBooks' own 120 s, so its outcome may be unknown (quickbooks.md §5). */
  callMs: 10_000,
  /** Links worked at once for one company; three or four saturate a realm's rate at 300 ms a call. */
  parallelLinks: 4,
  /** Invoices that one query reads for the links worked now and next. */
  gatheredMax: 100,
  /** Invoices kept at hand between a poll and the links it made due. */
  atHandMax: 1_000,
  resolveBatch: 500,
  /** Dead letters sent round again at once when the records they wait for are there. */
  resumeBatch: 500,
  /** Customers and items told of, and records waited for, looked at in one turn; QuickBooks reads so many by one query. */
  rematchBatch: 500,
  /** Payments of QuickBooks that events tell of, read by one query. */
  paymentsBatch: 100,
  /** Between two looks for new work while some is in the air. */
  newsMs: 50,
  /** A drain gives its turn back after this long and rings again when work is left. */
  drainMs: 60_000,
  /** A link that waits for another link's write of the same record. */
  busyMs: 300,
  /** A link whose plan writes in a paused direction is looked at again after this long. */
  pausedMs: 60_000,
  /** Between two looks for a write without an answer. */
  lookAgainMs: 2_000,
  factsAgeMs: 3_600_000,
  /** A hold for closed books rests on a closing date read within this time. */
  closingDateAgeMs: 10_000,
  /** Invoices sent round again together share a closing date read within this time. */
  closingDateSharedMs: 1_000,
  /** Read again by every poll; what a side shows later than that is for the full sweep (architecture.md §5). */
  pollOverlapMs: 600_000,
  /** Before a poll that failed is made again. */
  pollAgainMs: 30_000,
  /** Linked ids looked up at once when a poll has to find out what was deleted. */
  vanishedBatch: 500,
  /** Slices of a reconcile in one turn; then whatever else is due goes first again (architecture.md §3). */
  reconcileMs: 20_000,
  /** Linked invoices whose pages showed nothing of them, looked at in one slice, and how many of those are read one by one. */
  unseenBatch: 200,
  unseenReads: 25,
  /** Documents without a counterpart judged in one slice. */
  unlinkedBatch: 500,
  /** Before a slice that failed is made again; so often in a row and the run has failed. */
  reconcileAgainMs: 30_000,
  reconcileFailuresMax: 40,
  /** Of a planning pass, in one slice: customers asked for by name, documents paired, looked at for likeness, handed over. */
  planningCustomers: 20,
  planningPairs: 500,
  planningAlike: 200,
  planningBatch: 500,
  /** Between two looks whether the main path is through with what a planning pass handed over. */
  planningLookMs: 1_000,
  /** Before a slice of a planning pass that failed is made again; so often in a row and the pass has failed. */
  planningAgainMs: 30_000,
  planningFailuresMax: 40,
} as const;

/** Spans that follow from how long a lease lasts: 15 s unless configured otherwise (architecture.md §3, "Lease"). */
export const leaseSpans = (leaseMs: number) => ({
  renewMs: Math.floor(leaseMs / 3),
  /** Work stops this long before the lease could run out. */
  marginMs: Math.floor(leaseMs / 7),
});
