/** A due link whose QuickBooks invoice has to be read; `quickbooksNews` moves with all news of it. */
export type AwaitingRead = { readonly quickbooksId: string; readonly quickbooksNews: number };
