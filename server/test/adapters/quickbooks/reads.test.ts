import { describe, expect, test } from 'vitest';
import { toCurrency } from '#core/brand.ts';
import { heldTokens, json, tokensNamed } from './doubles.ts';
import { create, limits, recordedInvoice, systemBefore, type Reply } from './system-under-test.ts';

describe('a read', () => {
  test('of an invoice that is not there says that it is gone', async () => {
    const { accounting } = await systemBefore((_, response) =>
      json(response, 400, { Fault: { Error: [{ code: '610' }], type: 'ValidationFault' } }),
    );

    expect(await accounting.readInvoice('1', limits)).toEqual({
      ok: true,
      value: { gone: 'deleted' },
    });
  });

  test('asks for the home currency once, and not at all where it is known', async () => {
    const answer: Reply = (_, response) => json(response, 200, { Invoice: recordedInvoice });
    const asking = await systemBefore(answer);
    const knowing = await systemBefore(answer, { homeCurrency: toCurrency('USD') });

    for (const { accounting } of [asking, knowing]) {
      await accounting.readInvoice('1', limits);
      await accounting.readInvoice('1', limits);
    }

    expect(asking.listener.received).toHaveLength(3);
    expect(knowing.listener.received).toHaveLength(2);
  });

  test('of many asks once and leaves out what is not there', async () => {
    const { accounting, received } = await systemBefore((_, response) =>
      json(response, 200, { QueryResponse: { Invoice: [recordedInvoice], maxResults: 1 } }),
    );

    const outcome = await accounting.readInvoices(['1', '130'], limits);

    expect(outcome.ok ? [...outcome.value.keys()] : null).toEqual([recordedInvoice?.['Id']]);
    expect(received()).toHaveLength(1);
    expect(received()[0]?.url.searchParams.get('query')).toContain("Id IN ('1', '");
  });

  test('with no rows finds the entity absent and returns nothing', async () => {
    const { accounting } = await systemBefore((_, response) =>
      json(response, 200, { QueryResponse: {}, time: '' }),
    );

    const outcome = await accounting.readInvoices(['1'], limits);

    expect(outcome.ok ? outcome.value.size : null).toBe(0);
  });

  test('escapes what people write in names', async () => {
    const { accounting, received } = await systemBefore((_, response) =>
      json(response, 200, { QueryResponse: {} }),
    );
    const name = String.raw`O'Hara & Söhne 100% + "x" \ #1`;

    await accounting.findReferences('CUSTOMER', name, limits);

    const query = received()[0]?.url.searchParams.get('query') ?? '';
    expect(query).toContain(String.raw`'O\'Hara & Söhne 100% + "x" \\ #1'`);
    expect(query).toContain('Active IN (true, false)');
  });

  test('of an invoice of unknown shape is our bug and says where', async () => {
    const { accounting } = await systemBefore((_, response) =>
      json(response, 200, { Invoice: { ...recordedInvoice, TotalAmt: 'many' } }),
    );

    expect(await accounting.readInvoice('1', limits)).toMatchObject({
      failure: {
        kind: 'refused',
        reason: 'MAPPING',
        fault: { detail: expect.stringContaining('TotalAmt') },
      },
    });
  });

  test('answered with HTML under 200 failed', async () => {
    const { accounting } = await systemBefore((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html></html>');
    });

    expect(await accounting.readInvoice('1', limits)).toMatchObject({
      failure: { kind: 'read-failed', httpStatus: 200 },
    });
    expect(await accounting.readInvoices(['1'], limits)).toMatchObject({
      failure: { kind: 'read-failed', httpStatus: 200 },
    });
  });

  test('calls of two companies at once keep their tokens and bodies apart', async () => {
    const reply: Reply = (request, response) =>
      setTimeout(() => json(response, 200, { Invoice: recordedInvoice, echo: request.body }), 20);
    const one = await systemBefore(reply, { credentials: heldTokens(tokensNamed('one')) });
    const two = await systemBefore(reply, { credentials: heldTokens(tokensNamed('two')) });
    const write = (text: string) => ({ ...create, body: `{"DocNumber":"${text}"}` });

    await Promise.all(
      Array.from({ length: 10 }, (_, index) => [
        one.accounting.write(write(`one-${index}`), limits),
        two.accounting.write(write(`two-${index}`), limits),
      ]).flat(),
    );

    for (const [name, { received }] of Object.entries({ one, two })) {
      expect(received()).toHaveLength(10);
      expect(new Set(received().map(({ authorization }) => authorization))).toEqual(
        new Set([`Bearer ${name}-access`]),
      );
      expect(received().every(({ body }) => body.includes(`${name}-`))).toBe(true);
    }
  });
});
