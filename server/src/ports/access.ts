import type { Instant } from '#core/brand.ts';
import type { IssuedKey } from './api-clients.ts';

/** Rights a caller can hold; each includes the ones before it (http.md §2). */
export const scopes = ['READ', 'OPERATE', 'ADMIN'] as const;
export type Scope = (typeof scopes)[number];

/** Whoever asks, and what they may see and do. */
export type Caller = {
  /** `demo` has no key of its own: it is anybody on this machine while demo mode is on. */
  readonly kind: 'client' | 'demo';
  readonly id: string;
  readonly name: string;
  /** Widest right held. */
  readonly scope: Scope;
  /** Companies it may see; null for all. */
  readonly companyIds: readonly string[] | null;
  /** What it may run: a cookie alone runs the web app's own documents only (http.md §2). */
  readonly documents: 'open' | 'trusted';
  /** The session it came by; null where a key was shown, or none was needed. */
  readonly sessionId: string | null;
};

/** What is known of a request before anybody believes it. */
export type CallFacts = {
  readonly peerAddress: string | undefined;
  /** Value of a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** 'Bearer …', from the header or from a socket's connection parameters. */
  readonly authorization: string | undefined;
  /** Whether no foreign page can have sent it: a read, our own header, or a socket from an allowed origin. */
  readonly isOwn: boolean;
};

/** Who is behind a request; null for nobody we know. */
export interface Access {
  callerOf(facts: CallFacts): Promise<Caller | null>;
}

/** Keys of people and programs; the key itself is never stored. */
export interface ApiKeys {
  /** The holder of a key that is not revoked, its last use noted. */
  holderOf(key: string): Promise<Caller | null>;
  /** Registers `given`, or a new key, as ADMIN while there is no key at all; answers a new key, once. */
  bootstrap(given: string | null): Promise<{ readonly generated: string } | null>;
}

/** Makes keys: 256 bits of chance, told once. */
export interface KeyIssuer {
  issue(): IssuedKey;
  /** A secret that signs webhooks of ours, as the Standard Webhooks scheme writes it. */
  signingSecret(): string;
}

/** A session as it is handed out: the token is kept by its holder alone. */
export type OpenedSession = {
  readonly token: string;
  readonly expiresAt: Instant;
  readonly caller: Caller;
};

/** People's sessions; each ends by itself, with the key it stands for, or when it is closed. */
export interface Sessions {
  /** Signs in with a key; null when it is not one that counts. */
  open(key: string): Promise<OpenedSession | null>;
  /** A bearer with the same rights for the playground, for 60 minutes. */
  openPlayground(caller: Caller): Promise<OpenedSession | null>;
  /** Whoever holds the token of that kind. */
  holderOf(kind: 'cookie' | 'playground', token: string): Promise<Caller | null>;
  close(token: string): Promise<void>;
}

/** Tells when rights change, so that what is open ends at once. */
export interface AccessBell {
  /** Calls back with the id of a client or a session whose rights changed or ended; null when some may have been missed. */
  listen(changed: (id: string | null) => void): () => void;
}

/** Whether a caller holds a right. */
export const holds = (caller: Caller, scope: Scope): boolean =>
  scopes.indexOf(caller.scope) >= scopes.indexOf(scope);

/** Whether a company is among those the caller may see and act on. */
export const maySee = (caller: Caller, companyId: string): boolean =>
  caller.companyIds === null || caller.companyIds.includes(companyId);
