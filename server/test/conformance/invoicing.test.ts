import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toVersion } from '#core/brand.ts';
import { createInvoicingSystem } from '#adapters/invoicing-http/invoicing-system.ts';
import { contractFile, readContract } from '../../conformance/contract.ts';
import { checkSystem, reportOf, type Verdict } from '../../conformance/run.ts';
import { routes } from '../../simulator/invoicing/routes.ts';
import { createInvoicingSimulator } from '../../simulator/invoicing/server.ts';
import { realClock } from '../adapters/quickbooks/doubles.ts';

const exampleFile = path.resolve(
  import.meta.dirname,
  '../../../docs/examples/invoicing-system.mjs',
);
const token = 'example-token';
const broken = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.filter(({ faults }) => faults.length > 0).map(({ promise }) => promise);

/** Serves on any free port; answers where. */
async function serve(
  answer: Parameters<typeof createServer>[1],
): Promise<{ url: string; close: () => void }> {
  const server = createServer({}, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('the contract as OpenAPI', () => {
  const { calls } = readContract();

  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(contractFile);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('has exactly the calls that the simulator serves', () => {
    const served = routes.map(({ method, url }) => `${method} ${url.replace(':id', '{id}')}`);
    expect(calls.toSorted()).toEqual(served.toSorted());
  });

  test('has exactly the calls that the client makes, and one for reading a payment by hand', async () => {
    const made = new Set<string>();
    const recorder = await serve((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      made.add(`${request.method} ${pathname.replace('an-id', '{id}')}`);
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{}');
    });
    const system = createInvoicingSystem({
      baseUrl: recorder.url,
      token,
      guard: null,
      clock: realClock,
    });
    const limits = { deadlineMs: 5_000 };
    const id = 'an-id';
    const at = { id, requestId: 'r', restsOnVersion: toVersion('1'), body: '{}' } as const;
    const fresh = { requestId: 'r', operation: 'CREATED', body: '{}' } as const;
    await system.readInvoice(id, limits);
    await system.findByExternalRef('reference', limits);
    for (const kind of ['CUSTOMER', 'ITEM', 'TAX_CODE', 'TERMS', 'PAYMENT_METHOD'] as const)
      await system.listReferences(kind, limits);
    await system.write({ ...fresh, object: 'Invoice' }, limits);
    await system.write({ ...at, object: 'Invoice', operation: 'UPDATED' }, limits);
    await system.write({ ...at, object: 'Invoice', operation: 'VOIDED' }, limits);
    await system.write({ ...fresh, object: 'Payment', invoiceId: id }, limits);
    await system.write({ ...at, object: 'Payment', operation: 'UPDATED' }, limits);
    await system.write({ ...at, object: 'Payment', operation: 'DELETED' }, limits);
    await system.write({ ...fresh, object: 'Customer' }, limits);
    await system.write({ ...fresh, object: 'Item' }, limits);
    recorder.close();

    expect([...made, 'GET /payments/{id}'].toSorted()).toEqual(calls.toSorted());
  });
});

describe('the conformance suite', () => {
  let example: ReturnType<typeof spawn>;
  let exampleUrl: string;

  beforeAll(async () => {
    example = spawn(process.execPath, [exampleFile, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (example.stdout === null) throw new Error('the example has no output');
    const [line] = await once(example.stdout, 'data');
    exampleUrl = String(line).trim();
  });
  afterAll(() => example.kill());

  test('finds nothing wrong with the simulator', async () => {
    const simulator = await createInvoicingSimulator();
    const verdicts = await checkSystem(simulator.url, 'simulator-invoicing-token');
    await simulator.close();
    expect(verdicts.flatMap(({ faults }) => faults)).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(15);
  });

  test('finds nothing wrong with the example, which has fewer than 200 lines', async () => {
    const verdicts = await checkSystem(exampleUrl, token);
    expect(verdicts.flatMap(({ faults }) => faults)).toEqual([]);
    expect(readFileSync(exampleFile, 'utf8').trimEnd().split('\n').length).toBeLessThan(200);
  });

  type Break = {
    readonly request?: (headers: Headers, url: URL) => void | Promise<void>;
    readonly answer?: (text: string, method: string) => string;
  };

  /** The example behind something that breaks one promise, as a careless implementation would. */
  async function brokenBy({ request: bend, answer }: Break): Promise<{
    readonly promises: readonly string[];
    readonly report: string;
  }> {
    const proxy = await serve((request, response) => {
      void (async () => {
        const url = new URL(request.url ?? '/', exampleUrl);
        const headers = new Headers();
        for (const name of ['authorization', 'idempotency-key', 'if-match', 'content-type']) {
          const value = request.headers[name];
          if (typeof value === 'string') headers.set(name, value);
        }
        await bend?.(headers, url);
        const { method = 'GET' } = request;
        const body = await textOf(request);
        const told = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) });
        const etag = told.headers.get('etag');
        if (etag !== null) response.setHeader('etag', etag);
        response.setHeader('content-type', told.headers.get('content-type') ?? '');
        const text = await told.text();
        response.writeHead(told.status).end(answer?.(text, method) ?? text);
      })();
    });
    const verdicts = await checkSystem(proxy.url, token);
    proxy.close();
    return { promises: broken(verdicts), report: reportOf(proxy.url, verdicts) };
  }

  const variants: readonly [string, Break, RegExp][] = [
    [
      'forgets Idempotency-Keys',
      {
        request: (headers) => {
          if (headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
        },
      },
      /a second invoice was made.*\n.*Why it matters:.*invoiced twice/,
    ],
    [
      'ignores If-Match',
      {
        request: async (headers, url) => {
          if (!headers.has('if-match')) return;
          const object = url.pathname.split('/').slice(0, 3).join('/');
          const now = await fetch(new URL(object, exampleUrl), {
            headers: { authorization: `Bearer ${token}` },
          });
          headers.set('if-match', now.headers.get('etag') ?? '""');
        },
      },
      /an old If-Match: expected 412, got 200\n.*overwritten\n.*Why it matters:/,
    ],
    [
      'answers amounts as numbers',
      { answer: (text) => text.replaceAll(/"(total|amount|balanceDue)":"([\d.]+)"/g, '"$1":$2') },
      /\/total must be string/,
    ],
    [
      'gives lines new ids at every edit',
      {
        answer: (text, method) =>
          method === 'PATCH' ? text.replaceAll(/"id":"[0-9a-f]{8}-/g, '"id":"another-') : text,
      },
      /sent lines .*, got .*\n.*Why it matters: Lines are merged/,
    ],
    [
      'lists only what changed after updatedSince',
      {
        request: (_headers, url) => {
          const since = url.searchParams.get('updatedSince');
          if (since === null) return;
          url.searchParams.set('updatedSince', new Date(Date.parse(since) + 1).toISOString());
        },
      },
      /what changed at that very instant is missing\n.*Why it matters:.*an edit never seen/,
    ],
  ];

  test.each(variants)('says what is wrong with a system that %s', async (_name, how, says) => {
    const { promises, report } = await brokenBy(how);
    expect(promises.length).toBeGreaterThan(0);
    expect(report).toMatch(says);
  });
});
