/** Two documents that a person says are one invoice; neither is linked yet. */
export type RequestedJoining = {
  /** The link that holds them from now on; made when neither has one. */
  readonly linkId: string;
  readonly internalId: string;
  readonly quickbooksId: string;
  /** The link of the QuickBooks invoice alone, which ends and leaves all that hangs on it. */
  readonly absorbsId: string | null;
};

/** A link that a person cuts: it keeps the internal document, and that it was cut from the other one. */
export type RequestedCutting = { readonly linkId: string; readonly because: string };
