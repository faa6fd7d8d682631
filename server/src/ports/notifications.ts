import type { CompanyId } from '#core/brand.ts';
import type { Message, Notice } from '#core/notification/message.ts';
import type { QuietHours } from '#core/notification/notifications.ts';

/** A company with something that waits for a person and that nobody was told about. */
export type CompanyToTell = {
  readonly companyId: CompanyId;
  readonly name: string;
  readonly quietHours: QuietHours | null;
  /** The oldest of them, as many as a message lists. */
  readonly notices: readonly Notice[];
  readonly total: number;
};

/** A message on its way to one address. */
export type Delivery = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly companyName: string;
  readonly message: Message;
  readonly to:
    | { readonly channel: 'mail'; readonly address: string }
    | { readonly channel: 'webhook'; readonly url: string; readonly secret: string };
};

/** What became of sending: a fault says why in a few words and never holds a secret. */
export type DeliveryOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly fault: string };

/** Messages to people, and what they were told about. */
export interface Notifications {
  /**
   * Takes the next company whose people are to be told something and stores the message that `compose` makes of it, for each
   * of its addresses; null puts the company off for a minute. False when there is none.
   */
  gather(compose: (company: CompanyToTell) => Message | null): Promise<boolean>;
  /** Sends the delivery that waited longest; a failed one is due again later, for a day. False when none is due. */
  deliver(send: (delivery: Delivery) => Promise<DeliveryOutcome>): Promise<boolean>;
}

/** Carries a message over one channel. */
export type Courier = (delivery: Delivery) => Promise<DeliveryOutcome>;
