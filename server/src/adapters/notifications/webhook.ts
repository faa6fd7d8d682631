import { Webhook } from 'standardwebhooks';
import { codeOf } from '#core/error-code.ts';
import type { Clock } from '#ports/clock.ts';
import type { Courier, Delivery } from '#ports/notifications.ts';

/** How long a receiver may take, in milliseconds. */
const answerMs = 10_000;

type Options = {
  /** Posts, and keeps out of one's own network where that is asked; gives the status. */
  readonly post: (url: string, request: RequestInit) => Promise<number>;
  readonly clock: Clock;
  /** Id of a company as the API says it. */
  readonly companyIdOf: (companyId: string) => string;
};

/** Posts one message, signed; a repeat after a lost answer has the same `webhook-id` (standardwebhooks.com). */
export function webhookCourier({ post, clock, companyIdOf }: Options): Courier {
  return async (delivery) => {
    const { id, to } = delivery;
    if (to.channel !== 'webhook') throw new Error(`no address to post to: ${to.channel}`);
    const at = new Date(clock.now());
    const body = JSON.stringify(bodyOf(delivery, at, companyIdOf));
    try {
      const status = await post(to.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(to.secret).sign(id, at, body),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerMs),
      });
      return status >= 200 && status < 300
        ? { kind: 'sent' }
        : { kind: 'failed', fault: `the receiver answered ${status}` };
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      const cause = isLate
        ? `no answer within ${answerMs / 1_000} s`
        : (codeOf(error) ?? 'no answer');
      return { kind: 'failed', fault: `the receiver could not be reached (${cause})` };
    }
  };
}

const bodyOf = (
  { companyId, companyName, message }: Delivery,
  at: Date,
  companyIdOf: Options['companyIdOf'],
) => ({
  type: 'ledgerbridge.notification',
  timestamp: at.toISOString(),
  data: {
    companyId: companyIdOf(companyId),
    company: companyName,
    subject: message.subject,
    more: message.more,
    items: message.items.map(({ subjectId: _own, since, ...item }) => ({
      ...item,
      since: new Date(since).toISOString(),
    })),
  },
});
