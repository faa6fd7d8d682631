import type { CompanyId } from '#core/brand.ts';
import type { AwaitedRule } from './field-policies.ts';

/** A planning pass as a request finds it, locked until the request is over. */
export type LockedPass = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly status: 'QUEUED' | 'RUNNING' | 'WHOLE' | 'FAILED' | 'SUPERSEDED';
  readonly writeCount: number;
  /** Hash of the settings and rules it was planned under; null before it began. */
  readonly terms: string | null;
};

/** What a request changes of planning passes. */
export type RequestedPlanning =
  /** One that is under way ends: what it would show is out of date. */
  | { readonly kind: 'refresh'; readonly id: string }
  /** What was planned goes out; what moved since is planned anew. */
  | { readonly kind: 'go-live'; readonly passId: string };

/** Planning passes as one request sees them; their company is locked first. */
export interface LockedPlanning {
  pass(id: string): Promise<LockedPass | null>;
  /** The pass that was asked for last. */
  newestId(companyId: CompanyId): Promise<string | null>;
  /** The next change of a rule that takes force later: no pass was planned under it. */
  awaitedRule(companyId: CompanyId): Promise<AwaitedRule | null>;
}
