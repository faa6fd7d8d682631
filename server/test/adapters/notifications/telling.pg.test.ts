import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Instant } from '#core/brand.ts';
import { createCourier } from '#adapters/notifications/courier.ts';
import { mailCourier } from '#adapters/notifications/mail.ts';
import { webhookCourier } from '#adapters/notifications/webhook.ts';
import { createGuard, guardedPost } from '#adapters/invoicing-http/guarded-lookup.ts';
import { createNotifications } from '#adapters/postgres/notifications.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { systemIds } from '#adapters/system/ids.ts';
import { createSecrets } from '#adapters/system/secrets.ts';
import { noticeAddress } from '#main/notice-address.ts';
import { deliverNext, gatherNext } from '#sync/tell-people.ts';
import { openStore } from '../../support/store.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const secrets = createSecrets(Buffer.alloc(32, 1), null);
const addressOf = z.object({ port: z.int() });

/** A mail server that takes everything, or refuses everybody with that code. */
async function startMailServer(refusal: number | null = null) {
  const mails: { readonly to: string; readonly text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) =>
      done(refusal === null ? null : Object.assign(new Error('no'), { responseCode: refusal })),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (part: Buffer) => (text += part.toString('utf8')));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = addressOf.parse(server.server.address());
  return { url: `smtp://127.0.0.1:${port}`, mails };
}

/** A receiver of webhooks that answers with that status. */
async function startReceiver(status = 204) {
  const received: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString('utf8')));
    request.on('end', () => {
      const headers = z.record(z.string(), z.string()).parse({ ...request.headers });
      received.push({ headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${addressOf.parse(server.address()).port}/hook`,
    received,
  };
}

type Wishes = {
  readonly smtpUrl?: string;
  readonly webhookUrl?: string;
  readonly digestMinutes?: number;
  readonly guarded?: boolean;
  readonly quiet?: object;
};

/** A company whose people want to be told, and what waits for them. */
async function openPeople(wishes: Wishes) {
  const { pool, companyId } = await openStore();
  await pool.query(
    `UPDATE company SET notify_emails = $2, notify_webhook_url = $3, notify_webhook_secret = $4, notify_digest_minutes = $5,
       notify_quiet_hours = $6 WHERE id = $1`,
    [
      companyId,
      wishes.smtpUrl === undefined ? [] : ['ann@acme.example', 'bob@acme.example'],
      wishes.webhookUrl ?? null,
      secrets.seal(secret),
      wishes.digestMinutes ?? 0,
      wishes.quiet === undefined ? null : JSON.stringify(wishes.quiet),
    ],
  );
  const canMail = wishes.smtpUrl !== undefined;
  const guard = wishes.guarded === true ? createGuard() : null;
  let now: Instant = systemClock.now();
  const teller = {
    notifications: createNotifications({ pool, secrets, ids: systemIds, canMail }),
    courier: createCourier(
      wishes.smtpUrl === undefined ? null : mailCourier(wishes.smtpUrl, 'bridge@acme.example'),
      webhookCourier({
        post: guardedPost(guard),
        clock: systemClock,
        companyIdOf: (id) => `company:${id}`,
      }),
    ),
    address: noticeAddress('https://bridge.example'),
    clock: { ...systemClock, now: () => now },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  };
  const openConflict = async (number: string): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>(
      `WITH made AS (
         INSERT INTO link (id, company_id, internal_id, number, customer_name, currency, total, status_reason, changed_at)
         VALUES ($2, $1, $3, $3, 'Globex Corp', 'USD', 84205.18, '', clock_timestamp()) RETURNING id)
       INSERT INTO conflict (id, company_id, link_id, fields, paths, detected_at)
       SELECT gen_random_uuid(), $1, id, '[]', ARRAY['dueDate'], clock_timestamp() FROM made RETURNING id`,
      [companyId, randomUUID(), number],
    );
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('no conflict was made');
    return id;
  };
  /** Everything there is to tell, told. */
  const tell = async () => {
    while (await gatherNext(teller));
    while (await deliverNext(teller));
  };
  const trail = async () => {
    const { rows } = await pool.query<{ summary: string }>(
      `SELECT content->>'summary' AS summary FROM audit_entry ORDER BY sequence`,
    );
    return rows.map(({ summary }) => summary);
  };
  const clockAt = (text: string) => {
    now = z.custom<Instant>().parse(Date.parse(text));
  };
  const minuteLater = () =>
    pool.query(
      `UPDATE company SET notify_after = notify_after - interval '1 minute';
       UPDATE notification_delivery SET due_at = due_at - interval '1 minute'`,
    );
  return { pool, companyId, openConflict, tell, trail, clockAt, minuteLater };
}

test('what waits is mailed to each person and posted once, signed; a second look tells nothing twice', async () => {
  const [mail, receiver] = await Promise.all([startMailServer(), startReceiver()]);
  const { openConflict, tell, trail } = await openPeople({
    smtpUrl: mail.url,
    webhookUrl: receiver.url,
  });
  const conflictId = await openConflict('INV-1');

  await tell();
  await tell();

  expect(mail.mails.map(({ to }) => to).toSorted()).toEqual([
    'ann@acme.example',
    'bob@acme.example',
  ]);
  expect(mail.mails[0]?.text).toContain('Subject: [LedgerBridge] Acme: both sides changed INV-1');
  expect(mail.mails[0]?.text).toContain('84205.18 USD');
  expect(receiver.received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  new Webhook(secret).verify(body, headers);
  expect(JSON.parse(body)).toMatchObject({
    type: 'ledgerbridge.notification',
    data: {
      company: 'Acme',
      items: [
        {
          kind: 'CONFLICT',
          invoice: 'INV-1',
          amount: '84205.18',
          url: `https://bridge.example/conflicts/${encodeURIComponent(btoa(`Conflict:${conflictId}`))}`,
        },
      ],
    },
  });
  const host = new URL(receiver.url).host;
  expect((await trail()).toSorted()).toEqual([
    `People were told at ${host}.`,
    'People were told at ann@acme.example.',
    'People were told at bob@acme.example.',
  ]);
});

test('what happens within the least time between two messages is gathered into the next one', async () => {
  const receiver = await startReceiver();
  const { openConflict, tell, minuteLater } = await openPeople({
    webhookUrl: receiver.url,
    digestMinutes: 1,
  });
  await openConflict('INV-1');
  await tell();
  await openConflict('INV-2');
  await openConflict('INV-3');
  await tell();
  expect(receiver.received).toHaveLength(1);

  await minuteLater();
  await tell();

  expect(receiver.received).toHaveLength(2);
  expect(receiver.received[1]?.body).toContain('2 things wait for you');
});

test('what was settled before anybody was told is not told', async () => {
  const receiver = await startReceiver();
  const { pool, openConflict, tell } = await openPeople({ webhookUrl: receiver.url });
  await openConflict('INV-1');
  await pool.query(`UPDATE conflict SET status = 'RESOLVED', ended_at = clock_timestamp()`);

  await tell();

  expect(receiver.received).toEqual([]);
});

test('what waits again after it was settled is told again', async () => {
  const receiver = await startReceiver();
  const { pool, openConflict, tell } = await openPeople({ webhookUrl: receiver.url });
  await openConflict('INV-1');
  await tell();
  await pool.query(`UPDATE conflict SET status = 'RESOLVED'`);
  await tell();

  await pool.query(`UPDATE conflict SET status = 'OPEN'`);
  await tell();

  expect(receiver.received.map(({ body }) => /INV-\d/.exec(body)?.[0])).toEqual(['INV-1', 'INV-1']);
});

test('in quiet hours nothing is sent; afterwards it is', async () => {
  const receiver = await startReceiver();
  const quiet = { from: '22:00', until: '07:00', timeZone: 'Europe/Vienna' };
  const { openConflict, tell, clockAt, minuteLater } = await openPeople({
    webhookUrl: receiver.url,
    quiet,
  });
  await openConflict('INV-1');
  clockAt('2026-01-15T23:00:00+01:00');
  await tell();
  expect(receiver.received).toEqual([]);

  clockAt('2026-01-16T07:00:00+01:00');
  await minuteLater();
  await tell();

  expect(receiver.received).toHaveLength(1);
});

test('access that lapsed is told once; access that is about to end is told at 14, 7 and 2 days', async () => {
  const receiver = await startReceiver();
  const { pool, companyId, tell } = await openPeople({ webhookUrl: receiver.url });
  await pool.query(
    `INSERT INTO quickbooks_credential (company_id, access_token, refresh_token, access_expires_at, refresh_expires_at)
     VALUES ($1, '', '', clock_timestamp(), clock_timestamp() + interval '15 days')`,
    [companyId],
  );
  for (const days of [15, 13, 13, 6, 1, 1]) {
    await pool.query(
      `UPDATE quickbooks_credential SET refresh_expires_at = timestamptz '2000-01-01' + $1 * interval '1 day'
         + (clock_timestamp() - timestamptz '2000-01-01')`,
      [days],
    );
    await tell();
    await tell();
  }
  const warned = receiver.received.length;
  await pool.query(`UPDATE company SET status = 'NEEDS_RECONNECT'`);
  await tell();
  await tell();

  expect(warned).toBe(3);
  expect(receiver.received).toHaveLength(warned + 1);
  expect(receiver.received.at(-1)?.body).toContain('has lapsed');
});

test('a receiver that is out of order is tried again under the same id, and given up after a day, which the trail says', async () => {
  const receiver = await startReceiver(500);
  const { pool, openConflict, tell, trail, minuteLater } = await openPeople({
    webhookUrl: receiver.url,
  });
  await openConflict('INV-1');
  await tell();
  await minuteLater();
  await tell();
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(receiver.received).toHaveLength(2);

  await pool.query(`UPDATE notification SET created_at = created_at - interval '25 hours'`);
  await minuteLater();
  await tell();
  await minuteLater();
  await tell();

  expect(receiver.received).toHaveLength(3);
  expect(await trail()).toEqual([
    `People could not be told at ${new URL(receiver.url).host} for a day: the receiver answered 500.`,
  ]);
});

test('a person whose mail is refused does not keep the message from the others, nor from being posted', async () => {
  const [mail, receiver] = await Promise.all([startMailServer(550), startReceiver()]);
  const { pool, openConflict, tell } = await openPeople({
    smtpUrl: mail.url,
    webhookUrl: receiver.url,
  });
  await openConflict('INV-1');

  await tell();

  const { rows } = await pool.query<{ fault: string | null }>(
    'SELECT fault FROM notification_delivery ORDER BY channel, address',
  );
  expect(rows.map(({ fault }) => fault)).toEqual([
    'the mail server answered 550',
    'the mail server answered 550',
    null,
  ]);
  expect(receiver.received).toHaveLength(1);
});

test('nothing is posted into one’s own network', async () => {
  const receiver = await startReceiver();
  const { pool, openConflict, tell } = await openPeople({
    webhookUrl: receiver.url,
    guarded: true,
  });
  await openConflict('INV-1');

  await tell();

  expect(receiver.received).toEqual([]);
  const { rows } = await pool.query<{ fault: string }>('SELECT fault FROM notification_delivery');
  expect(rows[0]?.fault).toBe('the receiver could not be reached (PRIVATE_ADDRESS)');
});

test('without a mail server people who can only be mailed to are told once there is one', async () => {
  const { pool, openConflict, tell } = await openPeople({});
  await pool.query(`UPDATE company SET notify_emails = ARRAY['ann@acme.example']`);
  await openConflict('INV-1');

  await tell();

  const { rows } = await pool.query('SELECT 1 FROM notification_told');
  expect(rows).toEqual([]);
});
