import { createTransport } from 'nodemailer';
import type { Courier } from '#ports/notifications.ts';

/** How long a mail server may take with a step, and with the whole message, in milliseconds. */
const limits = { connectMs: 10_000, silenceMs: 15_000 } as const;

/** Mails one message to one person; a repeat after a lost answer has the same Message-ID, by which mail systems know it. */
export function mailCourier(smtpUrl: string, from: string): Courier {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    socketTimeout: limits.silenceMs,
  });
  return async ({ id, message, to }) => {
    if (to.channel !== 'mail') throw new Error(`no mail address: ${to.channel}`);
    try {
      await transport.sendMail({
        from,
        to: to.address,
        subject: `[LedgerBridge] ${message.subject}`,
        text: message.text,
        messageId: `<${id}@ledgerbridge>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'sent' };
    } catch (error) {
      return { kind: 'failed', fault: faultOf(error) };
    }
  };
}

/** The reply code or the kind of failure; a server's own words may repeat what it was told. */
function faultOf(error: unknown): string {
  if (error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number')
    return `the mail server answered ${error.responseCode}`;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return `the mail server could not be used (${error.code})`;
  return 'the mail server could not be used';
}
