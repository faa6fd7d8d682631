import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createCompanies } from '#adapters/postgres/companies.ts';
import { systemIds } from '#adapters/system/ids.ts';
import { startBridge, type Bridge } from './bridge.ts';
import { createCompany } from './company-documents.ts';
import { actionsOf, askAnew, countOf, globalId, makeKey, seedBooks } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

const secretOf = (text: string): string =>
  `whsec_${Buffer.from(text.repeat(3)).toString('base64')}`;

const books = (more: object = {}) => ({
  name: 'Initech',
  invoicingBaseUrl: 'https://invoicing.example/api',
  invoicingToken: 'initech-bearer-token',
  invoicingWebhookSecret: secretOf('initech-hook'),
  idempotencyKey: randomUUID(),
  ...more,
});

const made = z.object({
  __typename: z.literal('CreateCompanySuccess'),
  replayed: z.boolean(),
  company: z.looseObject({ id: z.string() }),
});

const make = async (input: object, headers?: Record<string, string>) => {
  const { data, errors } = await bridge.ask(createCompany, { input }, headers);
  return { result: data?.['result'], code: errors?.[0]?.extensions['code'] };
};

const ownId = (global: string): string =>
  Buffer.from(global, 'base64').toString().replace('Company:', '');

describe('createCompany', () => {
  test('begins in shadow mode with the defaults of a new company, waiting for QuickBooks', async () => {
    const { result } = await make(books());

    expect(result).toMatchObject({
      replayed: false,
      company: {
        version: 1,
        name: 'Initech',
        mode: 'SHADOW',
        status: 'AWAITING_AUTHORIZATION',
        settings: {
          createMissingReferences: true,
          goLiveDate: null,
          taxVarianceTolerance: '0.05',
          undoWindowSeconds: 20,
          markDocuments: true,
          incomeAccountId: null,
        },
        notifications: { emails: [], webhookUrl: null },
      },
    });
    const id = ownId(made.parse(result).company.id);
    expect(await actionsOf(bridge, id)).toEqual(['COMPANY_CHANGED']);
    expect(await countOf(bridge, 'FROM watermark WHERE company_id = $1', [id])).toBe(2);
    expect(await countOf(bridge, 'FROM stream_event WHERE company_id = $1', [id])).toBe(1);
  });

  test('asked 50 times at once with one key makes one company', async () => {
    const input = books({ name: `Once ${randomUUID()}` });

    const answers = await Promise.all(Array.from({ length: 50 }, () => make(input)));

    const results = answers.map(({ result }) => made.parse(result));
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(results.map(({ company }) => company.id)).size).toBe(1);
    expect(await countOf(bridge, 'FROM company WHERE name = $1', [input.name])).toBe(1);
    const other = await make({ ...input, invoicingToken: 'another-token' });
    expect(other.result).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('is refused to a key that is limited to companies, and to whoever may not administer', async () => {
    const { companyId } = await seedBooks(bridge);
    const limited = await makeKey(bridge, ['ADMIN'], [companyId]);
    const operator = await makeKey(bridge, ['OPERATE'], null);
    const name = `Refused ${randomUUID()}`;

    expect(await make(books({ name }), limited)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await make(books({ name }), operator)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await countOf(bridge, 'FROM company WHERE name = $1', [name])).toBe(0);
  });

  test.each([
    ['invoicingBaseUrl', 'ftp://invoicing.example'],
    ['invoicingBaseUrl', 'not an address'],
    ['invoicingBaseUrl', 'https://me:secret@invoicing.example'],
    ['invoicingBaseUrl', 'http://127.0.0.1:4020'],
    ['invoicingBaseUrl', 'http://0x7f.1:4020'],
    ['invoicingBaseUrl', 'http://[::ffff:10.0.0.1]/'],
    ['invoicingBaseUrl', 'http://169.254.169.254/latest/meta-data'],
    ['invoicingBaseUrl', 'https://localhost'],
    ['invoicingToken', 'with a space'],
    ['invoicingToken', 'line\r\nbreak'],
    ['invoicingWebhookSecret', 'plain'],
    ['invoicingWebhookSecret', 'whsec_c2hvcnQ='],
    ['name', '   '],
  ])('refuses %s %j by name and leaves the key free', async (field, value) => {
    const input = books({ [field]: value });

    const { result } = await make(input);

    expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path: [field] }] });
    expect((await make({ ...books(), idempotencyKey: input.idempotencyKey })).result).toMatchObject(
      { replayed: false },
    );
  });

  test('keeps no secret in the open: not in the rows, the audit trail, the stream or what the key was used for', async () => {
    const invoicingToken = `token-${randomUUID()}`;
    const hook = `hook-${randomUUID()}`;
    const { result } = await make(
      books({ invoicingToken, invoicingWebhookSecret: secretOf(hook) }),
    );
    const companyId = ownId(made.parse(result).company.id);
    await askAnew(bridge, 'updateInvoicingEndpoint', {
      companyId: globalId('Company', companyId),
      expectedVersion: 1,
      token: `${invoicingToken}-2`,
      webhookSecret: secretOf(`${hook}-2`),
    });

    const { rows } = await bridge.pool.query<{ text: string }>(
      `SELECT to_jsonb(c)::text AS text FROM company c WHERE id = $1
       UNION ALL SELECT to_jsonb(a)::text FROM audit_entry a WHERE company_id = $1
       UNION ALL SELECT to_jsonb(s)::text FROM stream_event s WHERE company_id = $1
       UNION ALL SELECT to_jsonb(i)::text FROM idempotency_key i`,
      [companyId],
    );
    const all =
      rows.map(({ text }) => text).join('\n') + JSON.stringify([result, bridge.log.facts]);
    for (const secret of [invoicingToken, hook, secretOf(hook).slice(6)]) {
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(all).toContain('"after": "changed"');
  });
});

describe('updateCompanySettings', () => {
  test('changes what is named, leaves the rest, and says both in the audit trail', async () => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);

    const result = await askAnew(bridge, 'updateCompanySettings', {
      companyId: id,
      expectedVersion: 1,
      undoWindowSeconds: 0,
      goLiveDate: '2026-12-01',
      taxVarianceTolerance: '0.10',
    });

    expect(result).toMatchObject({
      company: {
        version: 2,
        settings: {
          undoWindowSeconds: 0,
          goLiveDate: '2026-12-01',
          taxVarianceTolerance: '0.1',
          createMissingReferences: true,
        },
      },
    });
    const { rows } = await bridge.pool.query(
      `SELECT content->'changes' AS changes FROM audit_entry WHERE company_id = $1`,
      [companyId],
    );
    expect(rows).toMatchObject([
      {
        changes: expect.arrayContaining([
          { path: 'settings.undoWindowSeconds', side: null, before: 20, after: 0 },
          { path: 'settings.goLiveDate', side: null, before: null, after: '2026-12-01' },
        ]),
      },
    ]);
    expect(bridge.rings).toContain(companyId);

    const cleared = await askAnew(bridge, 'updateCompanySettings', {
      companyId: id,
      expectedVersion: 2,
      goLiveDate: null,
      undoWindowSeconds: null,
    });
    expect(cleared).toMatchObject({
      company: { version: 3, settings: { goLiveDate: null, undoWindowSeconds: 0 } },
    });
  });

  test('that changes nothing leaves version and audit trail alone', async () => {
    const { companyId } = await seedBooks(bridge);
    const same = { companyId: globalId('Company', companyId), expectedVersion: 1 };

    const result = await askAnew(bridge, 'updateCompanySettings', {
      ...same,
      taxVarianceTolerance: '0.050',
    });

    expect(result).toMatchObject({ company: { version: 1 } });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });

  test.each([
    ['undoWindowSeconds', 121],
    ['undoWindowSeconds', -1],
    ['taxVarianceTolerance', '-0.01'],
    ['taxVarianceTolerance', '100.01'],
    ['incomeAccountId', ' '],
  ])('refuses %s %j', async (field, value) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };

    const result = await askAnew(bridge, 'updateCompanySettings', { ...place, [field]: value });

    expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path: [field] }] });
  });

  test('with an old version does nothing and shows the company as it is now', async () => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);

    const result = await askAnew(bridge, 'updateCompanySettings', {
      companyId: id,
      expectedVersion: 7,
      undoWindowSeconds: 3,
    });

    expect(result).toMatchObject({ code: 'STALE_VERSION', current: { id, version: 1 } });
    expect(await actionsOf(bridge, companyId)).toEqual([]);
  });
});

describe('updateInvoicingEndpoint', () => {
  const accepted = async (companyId: string) => {
    const companies = createCompanies(bridge.pool, bridge.secrets, systemIds);
    return (await companies.forInvoicingWebhook(companyId))?.secrets;
  };
  const newCompany = async () => {
    const first = secretOf(randomUUID());
    const { result } = await make(books({ invoicingWebhookSecret: first }));
    return { id: made.parse(result).company.id, first, second: secretOf(randomUUID()) };
  };

  test('goes on accepting the old webhook secret until the overlap ends, and no longer', async () => {
    const { id, first, second } = await newCompany();
    const overlapUntil = new Date(Date.now() + 3_600_000).toISOString();
    await askAnew(bridge, 'updateInvoicingEndpoint', {
      companyId: id,
      expectedVersion: 1,
      webhookSecret: second,
      overlapUntil,
    });
    expect(await accepted(ownId(id))).toEqual([second, first]);

    await bridge.pool.query(
      `UPDATE company SET invoicing_secret_overlap_until = clock_timestamp() WHERE id = $1`,
      [ownId(id)],
    );
    expect(await accepted(ownId(id))).toEqual([second]);
  });

  test('without an overlap accepts the new secret alone at once', async () => {
    const { id, second } = await newCompany();
    const place = { companyId: id, expectedVersion: 1 };

    await askAnew(bridge, 'updateInvoicingEndpoint', { ...place, webhookSecret: second });

    expect(await accepted(ownId(id))).toEqual([second]);
  });

  test.each([
    ['https://books.example/api/v2', 'updated'],
    ['https://books.example:8443/api', 'token'],
    ['http://books.example/api', 'token'],
    ['https://books.example.evil.example/api', 'token'],
  ])('keeps the token for another path of the same server only: %s', async (baseUrl, how) => {
    const { companyId } = await seedBooks(bridge);
    await bridge.pool.query(
      `UPDATE company SET invoicing_base_url = 'https://books.example/api' WHERE id = $1`,
      [companyId],
    );
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };

    const result = await askAnew(bridge, 'updateInvoicingEndpoint', { ...place, baseUrl });

    if (how === 'updated') expect(result).toMatchObject({ company: { invoicing: { baseUrl } } });
    else {
      expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path: ['token'] }] });
      const withToken = { ...place, baseUrl, token: 'a-token-for-the-new-server' };
      expect(await askAnew(bridge, 'updateInvoicingEndpoint', withToken)).toMatchObject({
        company: { invoicing: { baseUrl } },
      });
    }
  });

  test.each([
    [{ baseUrl: 'http://10.0.0.1' }, 'baseUrl'],
    [{ overlapUntil: new Date(Date.now() + 3_600_000).toISOString() }, 'overlapUntil'],
    [
      { webhookSecret: secretOf('enough-of-it'), overlapUntil: '2020-01-01T00:00:00Z' },
      'overlapUntil',
    ],
  ])('refuses %j', async (input, field) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };

    const result = await askAnew(bridge, 'updateInvoicingEndpoint', { ...place, ...input });

    expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path: [field] }] });
  });
});
