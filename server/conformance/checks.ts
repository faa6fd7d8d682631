import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invoiceOf, invoiceShape, type Answer, type Bench } from './bench.ts';

/** One promise of the contract. */
export type Check = {
  readonly call: string;
  readonly promise: string;
  /** What happens to invoices where it is not kept. */
  readonly matters: string;
  /** What is wrong, one sentence each; nothing when the promise is kept. */
  readonly run: (bench: Bench) => Promise<readonly string[]>;
};

const wants = (answer: Answer, status: number, when: string): readonly string[] =>
  answer.status === status ? [] : [`${when}: expected ${status}, got ${answer.status}`];

const unless = (holds: boolean, finding: string): readonly string[] => (holds ? [] : [finding]);

const paid = z.looseObject({
  payment: z.looseObject({ id: z.string(), version: z.string() }),
  invoice: invoiceShape,
});
const page = z.looseObject({
  invoices: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullish(),
});

export const checks: readonly Check[] = [
  {
    call: 'every call',
    promise: 'a call without the token, or with a wrong one, is refused with 401',
    matters: 'Anyone who finds the address could read and change your invoices.',
    run: async ({ send }) => [
      ...wants(await send('GET /customers', '', { token: null }), 401, 'without a token'),
      ...wants(await send('GET /customers', '', { token: 'wrong' }), 401, 'with a wrong token'),
    ],
  },
  ...['customers', 'items', 'tax-codes', 'terms', 'payment-methods'].map((name): Check => ({
    call: `GET /${name}`,
    promise: 'lists what invoices refer to',
    matters:
      'An invoice whose customer, item, tax code or terms cannot be matched waits for a person.',
    run: async ({ send }) => wants(await send(`GET /${name}`), 200, 'the list'),
  })),
  {
    call: 'POST /invoices',
    promise: 'makes the invoice with its externalRef, and its ETag is its version',
    matters:
      'LedgerBridge finds by the reference what it made, and guards every edit by the version.',
    run: async ({ send, draft }) => {
      const externalRef = `check-${randomUUID()}`;
      const answer = await send('POST /invoices', '', { body: await draft({ externalRef }) });
      const made = invoiceOf(answer, 201);
      const etag = answer.headers.get('etag');
      return [
        ...unless(
          made.externalRef === externalRef,
          'the answer does not hold the externalRef sent',
        ),
        ...unless(etag === `"${made.version}"`, `ETag is ${etag}, the version "${made.version}"`),
        ...unless(made.lines.length === 2, `two lines were sent, ${made.lines.length} came back`),
      ];
    },
  },
  {
    call: 'POST /invoices',
    promise: 'the same Idempotency-Key and body again gives the first answer, and makes nothing',
    matters:
      'When an answer is lost LedgerBridge sends the write again: your customer would be invoiced twice.',
    run: async ({ send, draft }) => {
      const [key, body] = [randomUUID(), await draft()];
      const first = invoiceOf(await send('POST /invoices', '', { body, key }), 201);
      const again = invoiceOf(await send('POST /invoices', '', { body, key }), 201);
      return unless(
        again.id === first.id,
        `a second invoice was made: ${first.id} and ${again.id}`,
      );
    },
  },
  {
    call: 'POST /invoices',
    promise: 'the same Idempotency-Key with another body is 409',
    matters:
      'A mixed-up write must be refused; answering it with another invoice would link the wrong two.',
    run: async ({ send, draft }) => {
      const key = randomUUID();
      await send('POST /invoices', '', { body: await draft(), key });
      return wants(
        await send('POST /invoices', '', { body: await draft(), key }),
        409,
        'the other body',
      );
    },
  },
  {
    call: 'POST /invoices',
    promise: 'an externalRef that is taken is 409, and ?externalRef= finds its one invoice',
    matters:
      'The reference is the last guard against a duplicate, after your memory of keys has run out.',
    run: async ({ send, draft }) => {
      const externalRef = `check-${randomUUID()}`;
      const made = invoiceOf(
        await send('POST /invoices', '', { body: await draft({ externalRef }) }),
        201,
      );
      const second = await send('POST /invoices', '', { body: await draft({ externalRef }) });
      const found = page.safeParse((await send(`GET /invoices?externalRef=${externalRef}`)).body);
      const none = page.safeParse((await send('GET /invoices?externalRef=check-none')).body);
      const ids = found.data?.invoices.map(({ id }) => id) ?? [];
      return [
        ...wants(second, 409, 'a second invoice with the reference'),
        ...unless(
          ids.length === 1 && ids[0] === made.id,
          `the reference finds ${ids.length} invoices`,
        ),
        ...unless(none.data?.invoices.length === 0, 'an unknown reference finds invoices'),
      ];
    },
  },
  {
    call: 'GET /invoices/{id}',
    promise: 'an invoice that never existed is 404',
    matters:
      'Anything else and LedgerBridge waits, or takes the invoice for deleted and asks to void the other side.',
    run: async ({ send }) =>
      wants(await send('GET /invoices/{id}', 'check-none'), 404, 'an unknown id'),
  },
  {
    call: 'PATCH /invoices/{id}',
    promise: 'changes what is named, clears what is null, leaves the rest, and moves the version',
    matters: 'A field that is emptied because it was not sent is an edit of yours that is lost.',
    run: async ({ send, create, read }) => {
      const { id, version } = await create();
      const body = { customerMemo: 'Changed', poNumber: null };
      const after = invoiceOf(await send('PATCH /invoices/{id}', id, { body, version }), 200);
      const now = await read(id);
      return [
        ...unless(now.customerMemo === 'Changed', 'the field that was sent did not change'),
        ...unless(now.poNumber == null, 'null did not clear the field'),
        ...unless(now.lines.length === 2, 'lines that were not sent did not stay'),
        ...unless(after.version !== version, 'the version did not move'),
      ];
    },
  },
  {
    call: 'PATCH /invoices/{id}',
    promise: 'a version that moved is 412, and nothing changes',
    matters:
      'Someone edited in between: without the 412 their edit is overwritten and nobody is told.',
    run: async ({ send, create, read }) => {
      const { id, version } = await create();
      await send('PATCH /invoices/{id}', id, { body: { customerMemo: 'First' }, version });
      const late = await send('PATCH /invoices/{id}', id, {
        body: { customerMemo: 'Late' },
        version,
      });
      const { customerMemo } = await read(id);
      return [
        ...wants(late, 412, 'an old If-Match'),
        ...unless(customerMemo === 'First', 'the edit made in between was overwritten'),
      ];
    },
  },
  {
    call: 'PATCH /invoices/{id}',
    promise: 'the same write again is answered as the first time, although the version moved since',
    matters: 'A 412 to a repeat says "someone else edited" where it was LedgerBridge itself.',
    run: async ({ send, create }) => {
      const { id, version } = await create();
      const asked = { body: { customerMemo: 'Once' }, version, key: randomUUID() };
      const first = invoiceOf(await send('PATCH /invoices/{id}', id, asked), 200);
      const again = invoiceOf(await send('PATCH /invoices/{id}', id, asked), 200);
      return unless(first.version === again.version, 'the repeat changed the invoice once more');
    },
  },
  {
    call: 'PATCH /invoices/{id}',
    promise: 'a line sent with its id keeps it',
    matters:
      'Lines are merged one by one under their ids: new ids make an edit look like lines removed and added.',
    run: async ({ send, create }) => {
      const { id, version, lines } = await create();
      const ids = lines.map((line) => line.id);
      const sent = ids.map((lineId) => ({
        id: lineId,
        description: 'Kept',
        quantity: '1',
        unitPrice: '2.00',
      }));
      const body = { lines: sent };
      const after = invoiceOf(await send('PATCH /invoices/{id}', id, { body, version }), 200);
      const kept = after.lines.map((line) => line.id);
      return unless(
        kept.join() === ids.join(),
        `sent lines ${ids.join(', ')}, got ${kept.join(', ')}`,
      );
    },
  },
  {
    call: 'PATCH /invoices/{id}',
    promise: 'a read-only field is 422',
    matters:
      'Silence would let LedgerBridge believe that a total was taken which you computed otherwise.',
    run: async ({ send, create }) => {
      const { id, version } = await create();
      return wants(
        await send('PATCH /invoices/{id}', id, { body: { balanceDue: '1.00' }, version }),
        422,
        'balanceDue',
      );
    },
  },
  {
    call: 'POST /invoices/{id}/payments',
    promise:
      'a payment lowers the balance, moves the invoice, is made once per key and can be changed and removed',
    matters: 'A payment entered twice makes an unpaid invoice look paid.',
    run: async ({ send, create, read }) => {
      const before = await create();
      const asked = { body: { amount: '5.00', date: '2026-11-21' }, key: randomUUID() };
      const made = paid.safeParse(
        (await send('POST /invoices/{id}/payments', before.id, asked)).body,
      );
      if (!made.success) return ['the answer is not {payment, invoice}'];
      await send('POST /invoices/{id}/payments', before.id, asked);
      const once = await read(before.id);
      const { id, version } = made.data.payment;
      const shown = await send('GET /payments/{id}', id);
      const stale = await send('DELETE /payments/{id}', id, { version: `${version}-old` });
      const removed = await send('DELETE /payments/{id}', id, { version });
      const gone = await send('GET /payments/{id}', id);
      const after = await read(before.id);
      const lowered = Math.round((Number(before.balanceDue) - Number(once.balanceDue)) * 100);
      return [
        ...unless(made.data.invoice.version !== before.version, 'the invoice kept its version'),
        ...unless(
          lowered === 500,
          `5.00 paid once and repeated: the balance fell by ${lowered / 100}`,
        ),
        ...wants(shown, 200, 'reading it'),
        ...wants(stale, 412, 'removing it with an old version'),
        ...wants(removed, 200, 'removing it'),
        ...wants(gone, 410, 'reading it when it is removed'),
        ...unless(after.balanceDue === before.balanceDue, 'the balance did not come back'),
      ];
    },
  },
  {
    call: 'POST /invoices/{id}/void',
    promise: 'voids an invoice, is 409 with payments and 412 with an old version',
    matters: 'A cancelled invoice that stays open is collected from a customer who owes nothing.',
    run: async ({ send, create, read }) => {
      const { id, version } = await create();
      await send('POST /invoices/{id}/payments', id, { body: { amount: '1.00' } });
      const stale = await send('POST /invoices/{id}/void', id, { version });
      const current = (await read(id)).version;
      const forbidden = await send('POST /invoices/{id}/void', id, { version: current });
      const free = await create();
      const done = invoiceOf(
        await send('POST /invoices/{id}/void', free.id, { version: free.version }),
        200,
      );
      return [
        ...wants(stale, 412, 'an old version'),
        ...wants(forbidden, 409, 'with a payment'),
        ...unless(done.status === 'void', `the status is ${done.status}`),
      ];
    },
  },
  {
    call: 'GET /invoices?updatedSince=',
    promise: 'is inclusive, keeps to the limit, goes oldest first and comes to an end',
    matters:
      'It is how LedgerBridge finds what a lost webhook did not tell: a gap here is an edit never seen.',
    run: async ({ send, create }) => {
      const [first, second] = [await create(), await create()];
      const since = encodeURIComponent(first.updatedAt);
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < 50; pages += 1) {
        const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer = await send(`GET /invoices?updatedSince=${since}&limit=1${next}`);
        const read = page.safeParse(answer.body);
        if (!read.success) return ['a page cannot be read'];
        if (read.data.invoices.length > 1) return ['a page holds more than the limit'];
        seen.push(...read.data.invoices.map(({ id }) => id));
        cursor = read.data.nextCursor ?? null;
        if (cursor === null) break;
      }
      return [
        ...unless(cursor === null, 'the pages do not come to an end'),
        ...unless(seen.includes(first.id), 'what changed at that very instant is missing'),
        ...unless(seen.includes(second.id), 'what changed after it is missing'),
        ...unless(new Set(seen).size === seen.length, 'an unchanged invoice is listed twice'),
        ...unless(seen.indexOf(first.id) <= seen.indexOf(second.id), 'the newest comes first'),
      ];
    },
  },
];
