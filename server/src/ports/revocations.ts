import type { CompanyId } from '#core/brand.ts';

/** A token to be given back to Intuit, because its company was disconnected. */
export type Revocation = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly token: string;
};

/** Tokens that wait to be given back; each is due work after the commit that ended its connection. */
export interface Revocations {
  /** Runs `revoke` on the oldest that is due, for one process at a time; false when none was. Fails again later by itself. */
  next(revoke: (revocation: Revocation) => Promise<'given-back' | 'failed'>): Promise<boolean>;
}
