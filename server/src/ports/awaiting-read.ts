/** A due link whose QuickBooks invoice has to be read; `sequence` moves with every event placed on the link. */
export type AwaitingRead = { readonly quickbooksId: string; readonly sequence: number };
