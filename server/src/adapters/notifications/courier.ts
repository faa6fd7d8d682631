import type { Courier } from '#ports/notifications.ts';

/** Sends each message over its channel; without a mail server none is addressed to mail. */
export const createCourier =
  (mail: Courier | null, webhook: Courier): Courier =>
  async (delivery) => {
    if (delivery.to.channel === 'webhook') return webhook(delivery);
    return mail === null
      ? { kind: 'failed', fault: 'LEDGERBRIDGE_SMTP_URL is not set' }
      : mail(delivery);
  };
