import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBridge, type Bridge } from './bridge.ts';
import { companyDocuments } from './company-documents.ts';
import { seedPass, seedPlan, seedShadow } from './planned-books.ts';
import { askAnew, countOf, globalId, makeKey, seedBooks } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(() => bridge.close());

const pageFields = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
const queries = {
  plannedWrites: `query ($companyId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    page: plannedWrites(companyId: $companyId, first: $first, after: $after, last: $last, before: $before) { passId ${pageFields}
      nodes { side kind reason problem invoice { number } reference { internalName } changes { path label internal { display } quickbooks { display } } } } }`,
  matchSuggestions: `query ($companyId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    page: matchSuggestions(companyId: $companyId, first: $first, after: $after, last: $last, before: $before) { ${pageFields}
      nodes { score reason internal { number } quickbooks { number } } } }`,
  connectionChecks: `query ($companyId: ID!) { page: connectionChecks(companyId: $companyId) { title } }`,
} as const;
type List = Exclude<keyof typeof queries, 'connectionChecks'>;

const page = z.object({
  totalCount: z.number(),
  passId: z.string().optional(),
  pageInfo: z.object({
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    startCursor: z.string().nullable(),
    endCursor: z.string().nullable(),
  }),
  nodes: z.array(
    z.looseObject({
      invoice: z.object({ number: z.string() }).nullish(),
      internal: z.object({ number: z.string() }).nullish(),
    }),
  ),
});

const read = async (list: List, companyId: string, args: object) => {
  const variables = { companyId: globalId('Company', companyId), ...args };
  const { data, errors } = await bridge.ask(queries[list], variables);
  expect(errors).toBeUndefined();
  return page.parse(data?.['page']);
};

/** What a page shows, by its numbers. */
const numbers = ({ nodes }: z.infer<typeof page>) =>
  nodes.map(({ invoice, internal }) => invoice?.number ?? internal?.number);

/** Every page from the first on. */
async function walk(list: List, companyId: string, first: number) {
  const seen: (string | undefined)[] = [];
  let after: string | null = null;
  for (;;) {
    const part: z.infer<typeof page> = await read(list, companyId, { first, after });
    seen.push(...numbers(part));
    if (!part.pageInfo.hasNextPage) return seen;
    after = part.pageInfo.endCursor;
  }
}

const refusalOf = async (list: keyof typeof queries, variables: object, headers = {}) => {
  const { data, errors } = await bridge.ask(queries[list], variables, headers);
  expect(data?.['page']).toBeUndefined();
  return errors?.[0]?.message;
};

const size = 7;

describe('the pages of a plan', () => {
  let companyId: string;

  beforeAll(async () => {
    companyId = await seedShadow(bridge);
    await seedPlan(bridge, companyId, size);
  });

  test.each([
    ['plannedWrites', (index: number) => `INV-${1000 + index}`],
    ['matchSuggestions', (index: number) => `AL-${index}`],
  ] as const)(
    '%s: every page size shows each row once, in one order, both ways',
    async (list, of) => {
      const whole = await walk(list, companyId, 200);
      expect(new Set(whole)).toEqual(
        new Set(Array.from({ length: size }, (_, index) => of(index))),
      );
      expect(whole).toHaveLength(size);
      for (const first of [1, 2, 3, size])
        expect(await walk(list, companyId, first), `${first} at a time`).toEqual(whole);
      const end = await read(list, companyId, { last: 3 });
      expect(numbers(end)).toEqual(whole.slice(-3));
      const before = { last: 2, before: end.pageInfo.startCursor };
      const earlier = await read(list, companyId, before);
      expect(numbers(earlier)).toEqual(whole.slice(-5, -3));
      expect(earlier).toMatchObject({ totalCount: size, pageInfo: { hasPreviousPage: true } });
    },
  );

  test('best suggestions come first, and one that a person linked is gone', async () => {
    const scores = (await read('matchSuggestions', companyId, { first: 200 })).nodes.map(
      ({ score }) => z.number().parse(score),
    );
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    await askAnew(bridge, 'linkInvoices', {
      companyId: globalId('Company', companyId),
      internalId: 'alike_0',
      quickbooksId: '90',
      note: 'The same one.',
    });

    expect(await walk('matchSuggestions', companyId, 3)).not.toContain('AL-0');
    expect(await read('matchSuggestions', companyId, { first: 1 })).toMatchObject({
      totalCount: size - 1,
    });
  });

  test.each(['plannedWrites', 'matchSuggestions'] as const)(
    '%s takes as many statements for many rows as for one',
    async (list) => {
      const statements = async (first: number) => {
        bridge.statements.length = 0;
        await read(list, companyId, { first });
        return bridge.statements.length;
      };

      expect(await statements(size)).toBe(await statements(1));
    },
  );

  test.each(['plannedWrites', 'matchSuggestions'] as const)(
    '%s: a reader stays in the pass of their cursor when a newer one is whole, and is told when it is gone',
    async (list) => {
      const firstPage = { first: 2, after: null };
      const companyId = await seedShadow(bridge);
      const passId = await seedPlan(bridge, companyId, size);
      const begun = await read(list, companyId, firstPage);
      const newer = await seedPass(bridge, companyId);

      const next = { first: 200, after: begun.pageInfo.endCursor };
      expect(await read(list, companyId, next)).toMatchObject({
        totalCount: size,
        nodes: { length: size - 2 },
      });
      expect(await read(list, companyId, firstPage)).toMatchObject({ totalCount: 0, nodes: [] });
      if (list === 'plannedWrites') {
        expect(begun.passId).toBe(globalId('PlanPass', passId));
        expect((await read(list, companyId, next)).passId).toBe(begun.passId);
        expect((await read(list, companyId, firstPage)).passId).toBe(globalId('PlanPass', newer));
      }

      // Once it is no longer kept, that is said: it must not look like the end of the list.
      for (const table of ['planned_write', 'match_suggestion'])
        await bridge.pool.query(`DELETE FROM ${table} WHERE pass_id = $1`, [passId]);
      const variables = { companyId: globalId('Company', companyId), ...next };
      expect(await refusalOf(list, variables)).toMatch(/not kept any more; read it anew/);
      const other = list === 'plannedWrites' ? 'matchSuggestions' : 'plannedWrites';
      expect(await refusalOf(other, variables)).toMatch(/does not belong to this list/);
    },
  );

  test('a pass that is under way shows nothing, and never less than a whole one', async () => {
    const fresh = await seedShadow(bridge);
    const { passId: asked } = z
      .looseObject({ passId: z.string() })
      .parse(await askAnew(bridge, 'refreshPlan', { companyId: globalId('Company', fresh) }));

    expect(await read('plannedWrites', fresh, { first: 5 })).toMatchObject({
      passId: asked,
      totalCount: 0,
      nodes: [],
    });
  });
});

describe('a company that is none of the caller’s', () => {
  test.each(['plannedWrites', 'matchSuggestions', 'connectionChecks'] as const)(
    '%s does not find it, as if it were not there',
    async (list) => {
      const companyId = await seedShadow(bridge);
      const { companyId: own } = await seedBooks(bridge);
      const key = await makeKey(bridge, ['ADMIN'], [own]);
      const foreign = { companyId: globalId('Company', companyId) };
      const none = { companyId: globalId('Company', '00000000-0000-4000-8000-000000000000') };

      expect(await refusalOf(list, foreign, key)).toBe('There is no such company.');
      expect(await refusalOf(list, none, key)).toBe('There is no such company.');
      expect(await refusalOf(list, { companyId: 'nonsense' }, key)).toBe(
        'There is no such company.',
      );
    },
  );

  test.each(['plannedWrites', 'matchSuggestions'] as const)(
    '%s refuses the cursor of another company’s plan',
    async (list) => {
      const [one, other] = [await seedShadow(bridge), await seedShadow(bridge)];
      await seedPlan(bridge, one, 2);
      await seedPlan(bridge, other, 2);
      const { pageInfo } = await read(list, other, { first: 1 });
      const next = { first: 1, after: pageInfo.endCursor };

      expect(await refusalOf(list, { companyId: globalId('Company', one), ...next })).toMatch(
        /read it anew/,
      );
    },
  );

  test('refreshPlan and goLive do not find it, nor the pass of another one', async () => {
    const [companyId, other] = [await seedShadow(bridge), await seedShadow(bridge)];
    const passes = { own: await seedPass(bridge, companyId), other: await seedPass(bridge, other) };
    const { companyId: books } = await seedBooks(bridge);
    const key = await makeKey(bridge, ['ADMIN'], [books]);
    const place = { companyId: globalId('Company', companyId) };
    const going = (id: string) => ({
      ...place,
      expectedVersion: 1,
      planPassId: globalId('PlanPass', id),
      expectedWriteCount: 0,
    });

    const gone = { code: 'NOT_FOUND' };
    expect(await askAnew(bridge, 'refreshPlan', place, key)).toMatchObject(gone);
    expect(await askAnew(bridge, 'goLive', going(passes.own), key)).toMatchObject(gone);
    expect(await askAnew(bridge, 'goLive', going(passes.other))).toMatchObject(gone);
    expect(await modeOf(companyId)).toBe('SHADOW');
  });
});

const modeOf = async (companyId: string) => {
  const { rows } = await bridge.pool.query<{ mode: string }>(
    'SELECT mode FROM company WHERE id = $1',
    [companyId],
  );
  return rows[0]?.mode;
};

describe('goLive', () => {
  /** A company with a whole pass, and how it is approved. */
  async function planned() {
    const companyId = await seedShadow(bridge);
    const planPassId = await seedPass(bridge, companyId, 2);
    const id = globalId('Company', companyId);
    const input = {
      companyId: id,
      expectedVersion: 1,
      planPassId: globalId('PlanPass', planPassId),
      expectedWriteCount: 2,
    };
    return { companyId, id, planPassId, input };
  }

  const staysInShadow = async (companyId: string) => {
    expect(await modeOf(companyId)).toBe('SHADOW');
    expect(await countOf(bridge, 'FROM outbox_event WHERE company_id = $1', [companyId])).toBe(0);
  };

  test.each([0, 1, 3])('refused for %i writes where the pass shows two', async (count) => {
    const { companyId, input } = await planned();
    const document = companyDocuments.goLive.replace(
      '__typename',
      '__typename ... on IllegalStateError { currentCount }',
    );
    const wanted = { ...input, expectedWriteCount: count, idempotencyKey: `count-${companyId}` };

    const { data } = await bridge.ask(document, { input: wanted });

    expect(data?.['result']).toMatchObject({
      code: 'COUNT_MISMATCH',
      retryable: true,
      currentCount: 2,
      message: `The pass holds 2 writes, not ${count}; look again.`,
    });
    await staysInShadow(companyId);
  });

  test('refused for a pass that a newer one was asked for since', async () => {
    const { companyId, id, input } = await planned();
    await askAnew(bridge, 'refreshPlan', { companyId: id });

    expect(await askAnew(bridge, 'goLive', input)).toMatchObject({
      code: 'ILLEGAL_STATE',
      message: expect.stringContaining('newer planning pass'),
    });
    await staysInShadow(companyId);
  });

  test.each([
    ['QUEUED', 'has not begun yet'],
    ['RUNNING', 'still under way'],
    ['FAILED', 'could not finish'],
    ['SUPERSEDED', 'took the place'],
  ])('refused for a pass that is %s', async (status, words) => {
    const { companyId, planPassId, input } = await planned();
    await bridge.pool.query('UPDATE planning_pass SET status = $2::planning_status WHERE id = $1', [
      planPassId,
      status,
    ]);

    expect(await askAnew(bridge, 'goLive', input)).toMatchObject({
      code: 'ILLEGAL_STATE',
      message: expect.stringContaining(words),
    });
    await staysInShadow(companyId);
  });

  test('refused after a change of settings, also with the new version, until it is planned anew', async () => {
    const { companyId, id, input } = await planned();
    const change = { companyId: id, expectedVersion: 1, taxVarianceTolerance: '0.10' };
    await askAnew(bridge, 'updateCompanySettings', change);

    expect(await askAnew(bridge, 'goLive', input)).toMatchObject({ code: 'STALE_VERSION' });
    expect(await askAnew(bridge, 'goLive', { ...input, expectedVersion: 2 })).toMatchObject({
      message: expect.stringContaining('Settings or field rules changed'),
    });
    await staysInShadow(companyId);
    const anew = globalId('PlanPass', await seedPass(bridge, companyId, 2));
    expect(
      await askAnew(bridge, 'goLive', { ...input, expectedVersion: 2, planPassId: anew }),
    ).toMatchObject({ replayed: false, company: { mode: 'LIVE' } });
  });

  test('refused while a change of the field rules may be taken back, and let through once it was', async () => {
    const { companyId, id, input } = await planned();
    const rule = { companyId: id, pattern: 'dueDate', rule: 'INTERNAL_WINS', expectedVersion: 1 };
    const { undo } = z
      .looseObject({ undo: z.object({ token: z.string() }) })
      .parse(await askAnew(bridge, 'upsertFieldPolicy', rule));
    // A pass made in the window is planned under the rules that still hold: it is no better.
    const anew = globalId('PlanPass', await seedPass(bridge, companyId, 2));

    const outcome = await askAnew(bridge, 'goLive', { ...input, planPassId: anew });

    expect(outcome).toMatchObject({
      code: 'ILLEGAL_STATE',
      retryable: true,
      message: expect.stringMatching(
        /^The rule for dueDate changes in \d+ s, and nothing was planned under it/,
      ),
    });
    await staysInShadow(companyId);
    await askAnew(bridge, 'undo', { token: undo.token });
    await askAnew(bridge, 'goLive', { ...input, planPassId: anew });
    expect(await modeOf(companyId)).toBe('LIVE');
  });

  test('refused once the change of the field rules has taken force', async () => {
    const { companyId, id, input } = await planned();
    const rule = { companyId: id, pattern: 'dueDate', rule: 'INTERNAL_WINS', expectedVersion: 1 };
    await askAnew(bridge, 'upsertFieldPolicy', rule);
    await bridge.pool.query(
      'UPDATE field_policy SET in_force_at = clock_timestamp() WHERE company_id = $1',
      [companyId],
    );

    expect(await askAnew(bridge, 'goLive', input)).toMatchObject({
      message: expect.stringContaining('Settings or field rules changed'),
    });
    await staysInShadow(companyId);
  });

  test('not refused for a change that no plan rests on', async () => {
    const { companyId, id, input } = await planned();
    const change = { companyId: id, expectedVersion: 1, undoWindowSeconds: 0 };
    await askAnew(bridge, 'updateCompanySettings', change);

    await askAnew(bridge, 'goLive', { ...input, expectedVersion: 2 });

    expect(await modeOf(companyId)).toBe('LIVE');
  });

  test('asked ten times at once under keys of their own lets it go live once', async () => {
    const { companyId, input } = await planned();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => askAnew(bridge, 'goLive', input)),
    );

    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await modeOf(companyId)).toBe('LIVE');
    const went = `FROM audit_entry WHERE company_id = $1 AND content->>'summary' LIKE '%go live%'`;
    expect(await countOf(bridge, went, [companyId])).toBe(1);
    const again = { ...input, expectedVersion: 2 };
    expect(await askAnew(bridge, 'goLive', again)).toMatchObject({
      code: 'ILLEGAL_STATE',
      message: expect.stringContaining('is live'),
    });
  });
});
