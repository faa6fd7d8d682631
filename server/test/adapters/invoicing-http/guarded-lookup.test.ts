import { lookup } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGuard, guardedLookup } from '#adapters/invoicing-http/guarded-lookup.ts';
import { createInvoicingSystem } from '#adapters/invoicing-http/invoicing-system.ts';
import { systemClock } from '#adapters/system/clock.ts';

type Addresses = readonly { readonly address: string; readonly family: number }[];

/** A name service that says what a test wants it to say; it counts how often it was asked. */
function namesLeadingTo(addresses: Addresses) {
  const asked: string[] = [];
  const resolve = (...[hostname, , callback]: readonly unknown[]): void => {
    asked.push(String(hostname));
    if (typeof callback === 'function') callback(null, addresses);
  };
  return { asked, resolve: Object.assign(resolve, { __promisify__: lookup.__promisify__ }) };
}

/** Somebody in our own network who must hear nothing. */
async function neighbour() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.writeHead(302, { location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { heard, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

const readThrough = (baseUrl: string, guard: ReturnType<typeof createGuard> | null) =>
  createInvoicingSystem({ baseUrl, token: 'a-token', guard, clock: systemClock }).readInvoice(
    'inv_1',
    { deadlineMs: 2_000 },
  );

const refused = { ok: false, failure: { kind: 'not-sent', cause: 'PRIVATE_ADDRESS' } };

describe('a guarded call', () => {
  test('to a name that leads inside by the time of the call sends nothing', async () => {
    const { heard, port } = await neighbour();
    const names = namesLeadingTo([{ address: '127.0.0.1', family: 4 }]);

    const outcome = await readThrough(`http://books.example:${port}`, createGuard(names.resolve));

    expect(outcome).toMatchObject(refused);
    expect(names.asked).toEqual(['books.example']);
    expect(heard).toEqual([]);
  });

  test('to an address inside sends nothing, however it is spelled', async () => {
    const { heard, port } = await neighbour();

    for (const host of ['127.0.0.1', '0x7f000001', '[::ffff:127.0.0.1]', 'localhost'])
      expect(await readThrough(`http://${host}:${port}`, createGuard())).toMatchObject(refused);

    expect(heard).toEqual([]);
  });

  test('goes through where the operator allows private addresses, and follows no redirect', async () => {
    const { heard, port } = await neighbour();

    const outcome = await readThrough(`http://127.0.0.1:${port}`, null);

    expect(outcome.ok).toBe(false);
    expect(heard).toEqual(['/invoices/inv_1']);
  });
});

describe('a name', () => {
  const outside = { address: '2606:4700::1111', family: 6 };
  const inside = { address: '10.0.0.1', family: 4 };
  const resolved = (addresses: Addresses, all: boolean) =>
    new Promise((resolve) => {
      const { resolve: names } = namesLeadingTo(addresses);
      guardedLookup(names)('books.example', { all }, (error, ...rest) =>
        resolve(error === null ? rest : error.code),
      );
    });

  test('that leads outside is connected to as it was checked', async () => {
    expect(await resolved([outside], true)).toEqual([[outside]]);
    expect(await resolved([outside], false)).toEqual([outside.address, 6]);
  });

  test('of which one address leads inside, or that has none, is refused', async () => {
    expect(await resolved([outside, inside], true)).toBe('PRIVATE_ADDRESS');
    expect(await resolved([], true)).toBe('PRIVATE_ADDRESS');
  });
});
