import type { IncomingEvent } from '#core/event/event.ts';

/** A delivery as it came in; nothing is parsed before its signature is checked. */
export type WebhookRequest = {
  /** Value of a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly rawBody: Uint8Array;
};

/** What a delivery turned out to be; all but `events` is refused and stores nothing (http.md §2). */
export type WebhookOutcome =
  | { readonly kind: 'unknown-company' }
  | { readonly kind: 'bad-signature' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'bad-shape'; readonly path: string; readonly message: string }
  | {
      readonly kind: 'events';
      readonly events: readonly IncomingEvent[];
      /** Events of realms that nobody connected: acknowledged, counted, not stored. */
      readonly dropped: number;
    };

/** Reads deliveries of both sides: signature first, then JSON, then shape. */
export interface WebhookReaders {
  invoicing(companyId: string, request: WebhookRequest): Promise<WebhookOutcome>;
  quickbooks(request: WebhookRequest): Promise<WebhookOutcome>;
}
