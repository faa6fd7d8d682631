import { describe, expect, test } from 'vitest';
import { json } from './doubles.ts';
import { create, limits, recordedInvoice, systemBefore } from './system-under-test.ts';

describe('a write', () => {
  test('sends exactly the recorded bytes with the request id, however often it is sent', async () => {
    const { accounting, received } = await systemBefore((_, response) =>
      json(response, 200, { Invoice: recordedInvoice, time: '' }),
    );

    const outcomes = [
      await accounting.write(create, limits),
      await accounting.write(create, limits),
    ];

    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    for (const request of received()) {
      expect(request.method).toBe('POST');
      expect(request.body).toBe(create.body);
      expect(request.contentType).toBe('application/json');
      expect(request.url.pathname).toBe('/v3/company/42/invoice');
      expect(request.url.searchParams.get('requestid')).toBe(create.requestId);
    }
    expect(received()).toHaveLength(2);
  });

  test('hands back id, version, the invoice as it is now and the trace id', async () => {
    const { accounting } = await systemBefore((_, response) =>
      json(response, 200, { Invoice: recordedInvoice, time: '' }),
    );

    const outcome = await accounting.write(create, limits);

    expect(outcome).toMatchObject({
      ok: true,
      value: {
        id: recordedInvoice?.['Id'],
        version: recordedInvoice?.['SyncToken'],
        traceId: 'tid-1',
        httpStatus: 200,
        raw: recordedInvoice,
      },
    });
    expect(outcome.ok ? outcome.value.seen?.invoice.side : null).toBe('quickbooks');
  });

  test('keeps an update as sparse as it was recorded', async () => {
    const { accounting, received } = await systemBefore((_, response) =>
      json(response, 200, { Invoice: recordedInvoice }),
    );
    const body = '{"sparse":false,"Id":"1","SyncToken":"3"}';

    await accounting.write({ ...create, operation: 'UPDATED', body }, limits);

    expect(received()[0]?.body).toBe(body);
    expect(received()[0]?.url.searchParams.get('operation')).toBe('update');
  });

  test('voids by id and version without reading first', async () => {
    const { accounting, received } = await systemBefore((_, response) =>
      json(response, 200, { Invoice: recordedInvoice }),
    );
    const body = '{"Id":"1","SyncToken":"3"}';

    const outcome = await accounting.write({ ...create, operation: 'VOIDED', body }, limits);

    expect(outcome.ok).toBe(true);
    expect(received().map(({ method }) => method)).toEqual(['POST']);
    expect(received()[0]?.url.searchParams.get('operation')).toBe('void');
    expect(received()[0]?.url.searchParams.get('requestid')).toBe(create.requestId);
    expect(received()[0]?.body).toBe(body);
  });

  test('answered with a page of HTML under 200 may have happened', async () => {
    const { accounting } = await systemBefore((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Welcome</html>');
    });

    expect(await accounting.write(create, limits)).toMatchObject({
      ok: false,
      failure: { kind: 'no-answer', httpStatus: 200 },
    });
  });

  test('whose connection breaks may have happened', async () => {
    const { accounting } = await systemBefore((_, response) => response.socket?.destroy());

    expect(await accounting.write(create, limits)).toMatchObject({
      ok: false,
      failure: { kind: 'no-answer' },
    });
  });

  test('that nobody answers ends at its deadline and may have happened', async () => {
    const { accounting } = await systemBefore(() => undefined);
    const startedAt = performance.now();

    const outcome = await accounting.write(create, { deadlineMs: 150 });

    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'no-answer', cause: 'no answer within the deadline' },
    });
  });

  test('that is answered drop by drop ends at its deadline too', async () => {
    const { accounting } = await systemBefore((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });

    expect(await accounting.write(create, { deadlineMs: 200 })).toMatchObject({
      ok: false,
      failure: { kind: 'no-answer' },
    });
  });

  test('that the caller gives up before sending is not sent', async () => {
    const { accounting, received } = await systemBefore(() => undefined);

    const outcome = await accounting.write(create, { ...limits, signal: AbortSignal.abort() });

    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-sent' } });
    expect(received()).toHaveLength(0);
  });

  test('to nobody is not sent', async () => {
    const { accounting, listener } = await systemBefore(() => undefined);
    await listener.close();

    expect(await accounting.write(create, limits)).toMatchObject({
      ok: false,
      failure: { kind: 'not-sent', cause: 'ECONNREFUSED' },
    });
  });

  test('is not redirected, so that the token stays here', async () => {
    const { accounting, received } = await systemBefore((_, response) => {
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });

    expect(await accounting.write(create, limits)).toMatchObject({ ok: false });
    expect(received()).toHaveLength(1);
  });

  test('refused with 610 tells a gone invoice from a missing reference by looking', async () => {
    const gone = { Fault: { Error: [{ code: '610', Message: 'Object Not Found' }] } };
    const change = {
      ...create,
      operation: 'UPDATED',
      body: '{"sparse":true,"Id":"1","SyncToken":"0"}',
    } as const;
    const still = await systemBefore((request, response) =>
      request.method === 'POST'
        ? json(response, 400, gone)
        : json(response, 200, { Invoice: recordedInvoice }),
    );
    const away = await systemBefore((_, response) => json(response, 400, gone));

    expect(await still.accounting.write(change, limits)).toMatchObject({
      failure: { kind: 'refused', reason: 'MISSING_REFERENCE' },
    });
    expect(await away.accounting.write(change, limits)).toMatchObject({
      failure: { kind: 'not-found' },
    });
  });
});
