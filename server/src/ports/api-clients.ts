import type { AuditEntry } from '#core/audit/entry.ts';
import type { Scope } from './access.ts';

/** A key as it is handed out once; only its hash is stored. */
export type IssuedKey = { readonly key: string; readonly prefix: string; readonly hash: string };

export type NewApiClient = {
  readonly id: string;
  readonly displayName: string;
  readonly scopes: readonly Scope[];
  /** Null for all. */
  readonly companyIds: readonly string[] | null;
  readonly key: Pick<IssuedKey, 'prefix' | 'hash'>;
};

export type LockedApiClient = {
  readonly id: string;
  readonly displayName: string;
  readonly companyIds: readonly string[] | null;
  readonly isRevoked: boolean;
  /** Whether it is the last one that may administer everything. */
  readonly isLastAdministrator: boolean;
};

/** API clients as one request sees and changes them, with entries on the system's own audit chain. */
export interface LockedApiClients {
  find(id: string): Promise<LockedApiClient | null>;
  /** Those of the companies that exist. */
  knownCompanies(ids: readonly string[]): Promise<readonly string[]>;
  add(client: NewApiClient, audit: AuditEntry): Promise<void>;
  revoke(id: string, audit: AuditEntry): Promise<void>;
}
