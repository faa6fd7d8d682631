import type { CompanyId } from '#core/brand.ts';
import type { Caller } from './access.ts';
import type { Connection } from './companies.ts';
import type { Tokens } from './credentials.ts';

/** A person about to give consent at Intuit. */
export type NewAuthorization = {
  readonly companyId: CompanyId;
  readonly caller: Caller;
  /** Path in the web app to come back to. */
  readonly returnPath: string;
};

/** What goes along to Intuit, and what stays in the browser that began; an API key has no browser. */
export type OpenedAuthorization = { readonly state: string; readonly nonce: string | null };

/** An authorization taken up by its state; nobody can take it up again. */
export type Authorization = {
  readonly companyId: CompanyId;
  readonly returnPath: string;
  readonly clientId: string;
  readonly clientName: string;
};

export type TakenAuthorization =
  | { readonly kind: 'taken'; readonly authorization: Authorization }
  | {
      readonly kind: 'refused';
      /** Not made here; taken up before; older than ten minutes; another browser; whoever began it may not any more. */
      readonly why: 'forged' | 'used' | 'expired' | 'other-browser' | 'no-rights';
    };

/** A connection that was made, or why it was not; both companies by name. */
export type ConnectOutcome =
  | { readonly kind: 'connected'; readonly returnPath: string }
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'other-realm';
      readonly name: string;
      readonly firstRealmId: string;
      readonly firstName: string | null;
    }
  | { readonly kind: 'paired'; readonly name: string; readonly pairedName: string };

/** People on their way to Intuit and back (http.md §2). */
export interface Authorizations {
  open(authorization: NewAuthorization): Promise<OpenedAuthorization>;
  take(state: string, nonce: string | null): Promise<TakenAuthorization>;
  /** Stores the tokens and makes the company active, in one transaction; refuses the wrong QuickBooks company. */
  connect(
    authorization: Authorization,
    connection: Connection,
    tokens: Tokens,
  ): Promise<ConnectOutcome>;
}
