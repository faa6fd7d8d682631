import type { CompanyId, CorrelationId, LinkId } from '#core/brand.ts';
import type { Lease } from './store.ts';

/** A QuickBooks invoice and the link it belongs to. */
export type JoinedLinks = {
  readonly intoId: LinkId;
  readonly quickbooksId: string;
  /** How it is known, for the audit trail and for whoever looks at the invoice. */
  readonly because: string;
  readonly correlationId: CorrelationId;
};

/** Finds out which link an invoice belongs to that one side alone told of, and joins what is one. */
export interface Joins {
  /** The link that holds an internal invoice, and the QuickBooks one it is or was paired with. */
  linkOfInternal(
    companyId: CompanyId,
    internalId: string,
  ): Promise<{ readonly id: LinkId; readonly quickbooksId: string | null } | null>;
  /** Internal id of the invoice that a QuickBooks one is linked to; null where it is linked to none. */
  internalIdOf(companyId: CompanyId, quickbooksId: string): Promise<string | null>;
  /** Whether a drift about that QuickBooks document waits for a person. */
  isInDoubt(companyId: CompanyId, quickbooksId: string): Promise<boolean>;
  /** Internal id of another link's invoice that goes by that number. */
  internalIdNumbered(companyId: CompanyId, number: string, except: LinkId): Promise<string | null>;
  /**
   * Gives all that is known under the link of a QuickBooks invoice alone to the link that turned out to be its own, which is
   * due at once; the former is no more. False when the lease is no longer ours.
   */
  joinLinks(lease: Lease, join: JoinedLinks): Promise<boolean>;
}
