import type { CompanyId } from '#core/brand.ts';
import { composeMessage, type Notice } from '#core/notification/message.ts';
import { isQuiet } from '#core/notification/quiet-hours.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Courier, Notifications } from '#ports/notifications.ts';

/** What telling people works with. */
export type Teller = {
  readonly notifications: Notifications;
  readonly courier: Courier;
  /** Where the app shows what a notice is about. */
  readonly address: (companyId: CompanyId, notice: Notice) => string;
  readonly clock: Clock;
  readonly log: Log;
};

const lookEveryMs = 5_000;

/** Tells people what is new, then looks again, until told to stop. */
export async function keepTellingPeople(teller: Teller, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await gatherNext(teller)));
      while (!signal.aborted && (await deliverNext(teller)));
    } catch (error) {
      teller.log.warn('people could not be told; it is tried again', { cause: String(error) });
    }
    await teller.clock.wait(lookEveryMs, signal);
  }
}

/** Makes the next message; false when there is nothing new. */
export const gatherNext = ({ notifications, address, clock }: Teller): Promise<boolean> =>
  notifications.gather(({ companyId, name, quietHours, notices, total }) =>
    quietHours !== null && isQuiet(clock.now(), quietHours)
      ? null
      : composeMessage(name, notices, total, (notice) => address(companyId, notice)),
  );

/** Sends the next message to one address; false when none is due. */
export const deliverNext = ({ notifications, courier, log }: Teller): Promise<boolean> =>
  notifications.deliver(async (delivery) => {
    const outcome = await courier(delivery);
    if (outcome.kind === 'failed')
      log.warn('people could not be told; it is tried again for a day', {
        companyId: delivery.companyId,
        channel: delivery.to.channel,
        cause: outcome.fault,
      });
    return outcome;
  });
