import type { Instant } from '#core/brand.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { PaymentPair } from '#core/payment/pairing.ts';
import type { PaymentStep } from '#core/payment/payment-plan.ts';
import type { SeenPayment } from './payments.ts';

/** A decided write of a payment, and the QuickBooks invoice it is applied to. */
export type PaymentDecision = {
  readonly step: PaymentStep;
  readonly invoiceId: string;
  /** QuickBooks' customer of the invoice. */
  readonly customerId: string;
};

/** What a step remembers of payments; everything left out stays as it is. */
export type PaymentsChange = {
  /** Pairs that are new or whose base moved. */
  readonly paired?: readonly PaymentPair[];
  /** Keys of pairs that neither side has any more. */
  readonly ended?: readonly string[];
  /** Payments of QuickBooks as just seen. */
  readonly seen?: readonly SeenPayment[];
  /** Ids of QuickBooks payments that may have moved since they were seen. */
  readonly stale?: readonly string[];
};

/** What is remembered of the payments of one invoice. */
export type StoredPayments = {
  readonly pairs: readonly PaymentPair[];
  readonly seen: readonly (SeenPayment & { readonly isFresh: boolean })[];
  /** How they stood when a person accepted that they differ; null without that. */
  readonly accepted: AcceptedPayments | null;
};

/** A payment of QuickBooks that events tell of, and when the newest of them says it changed; null where none says so. */
export type ToldPayment = { readonly id: string; readonly toldAt: Instant | null };

/** What a payment of QuickBooks that events tell of turned out to be. */
export type PaymentNews = {
  readonly id: string;
  /** Null where it could not be understood; `note` then says so. */
  readonly seen: SeenPayment | null;
  readonly isGone: boolean;
  readonly note: string | null;
};
