import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { readRecipes } from '#graphql/recipes.ts';
import { apiKey, drainUntil, serveWorld } from '../support/api.ts';
import { startDemoLikeWorld } from '../support/demo-like-books.ts';
import type { World } from '../support/world.ts';

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});
type Data = Readonly<Record<string, unknown>>;

const recipes = new Map(readRecipes().map((recipe) => [recipe.name, recipe]));

/** Runs a recipe as the playground does: its operations in order, each filled with what those before it answered. */
function startRecipe(name: string, url: string) {
  const recipe = recipes.get(name);
  if (recipe === undefined) throw new Error(`there is no recipe ${name}`);
  const { query } = recipe;
  const operations = parse(query).definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  const answers = new Map<string, Data>();
  const filled = (operation: OperationDefinitionNode): Data => {
    const all = z.record(z.string(), z.unknown()).parse(JSON.parse(recipe.variables, fill));
    const wanted = operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    return Object.fromEntries(wanted.map((variable) => [variable, all[variable]]));
  };
  const fill = (_key: string, value: unknown): unknown => {
    const named = typeof value === 'string' ? /^\{([\w.]+)\}$/.exec(value)?.[1] : undefined;
    if (named === undefined) return value;
    if (named === 'new') return randomUUID();
    if (named === 'midnight') return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
    const [operation = '', ...steps] = named.split('.');
    return steps.reduce(at, answers.get(operation)) ?? value;
  };
  const named = (operation: string) => {
    const found = operations.find((each) => each.name?.value === operation);
    if (found === undefined) throw new Error(`${name} has no operation ${operation}`);
    return found;
  };
  const run = async (operationName: string): Promise<Data> => {
    const variables = filled(named(operationName));
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query, operationName, variables }),
    });
    const { data, errors } = answer.parse(await response.json());
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join());
    answers.set(operationName, data ?? {});
    return data ?? {};
  };
  return { run, query, filled: (operation: string) => filled(named(operation)) };
}

const at = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;

/** The first message of the recipe's subscription. */
async function firstMessage(url: string, { query, filled }: ReturnType<typeof startRecipe>) {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${apiKey}` },
  });
  const variables = filled('Follow');
  const messages = client.iterate({ query, operationName: 'Follow', variables });
  const { value } = await messages.next();
  await client.dispose();
  return answer.parse(value).data;
}

const first = async (world: World, sql: string): Promise<unknown> =>
  (await world.pool.query(`SELECT (${sql}) AS value`)).rows[0]?.value;

test('every recipe does its job on a company as people find one', async () => {
  const world = await startDemoLikeWorld();
  const { url } = await serveWorld(world);
  const recipe = (name: string) => startRecipe(name, url);
  const ran = new Set<string>();
  const start = (name: string) => {
    ran.add(name);
    return recipe(name);
  };

  expect(await start('01-what-needs-me').run('WhatNeedsMe')).toMatchObject({
    deadLetterGroups: [{ count: 1, example: { explanation: expect.any(String) } }, { count: 1 }],
    conflicts: { totalCount: 1, nodes: [{ invoice: { number: 'INV-7002' } }] },
    companies: { nodes: [{ status: 'ACTIVE' }] },
  });

  const resolve = start('02-resolve-a-conflict');
  await resolve.run('FindConflict');
  expect(await resolve.run('PreviewDecision')).toMatchObject({
    previewResolution: { problems: [], internalWrites: [], quickbooksWrites: [{}] },
  });
  expect(await resolve.run('Resolve')).toMatchObject({
    resolveConflict: { __typename: 'ResolveConflictSuccess', conflict: { status: 'UNDO_WINDOW' } },
  });

  const replay = start('03-replay-a-group');
  await replay.run('GroupsToReplay');
  expect(await replay.run('PreviewGroup')).toMatchObject({ previewReplay: { count: 1 } });
  expect(await replay.run('ReplayGroup')).toMatchObject({
    replayDeadLetters: { bulkOperation: { total: 1 } },
  });
  expect(await replay.run('GroupProgress')).toMatchObject({ bulkOperation: { total: 1 } });

  const follow = start('04-follow-the-stream');
  await drainUntil(
    world,
    async () =>
      (await first(world, 'SELECT count(*) > 5 FROM stream_event WHERE position > 0')) === true,
  );
  await follow.run('EventsSoFar');
  expect(await firstMessage(url, follow)).toMatchObject({
    syncEvents: {
      __typename: 'SyncEventBatch',
      events: expect.arrayContaining([expect.objectContaining({ summary: expect.any(String) })]),
    },
  });

  const verify = start('05-verify-the-audit-chain');
  await verify.run('CompanyToVerify');
  expect(await verify.run('VerifyAuditChain')).toMatchObject({
    verifyAuditChain: {
      intact: true,
      firstBroken: null,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });

  const find = start('06-find-an-invoice');
  const { invoices } = await find.run('InvoiceNumbers');
  expect(await find.run('FindInvoice')).toMatchObject({
    invoiceByExternalRef: { number: at(at(at(invoices, 'nodes'), '0'), 'number') },
  });

  expect(await start('07-written-today').run('WrittenToday')).toMatchObject({
    auditEntries: {
      nodes: expect.arrayContaining([expect.objectContaining({ summary: expect.any(String) })]),
    },
  });

  const reconcile = start('08-reconcile');
  await reconcile.run('CompanyToReconcile');
  expect(await reconcile.run('StartReconcile')).toMatchObject({
    startReconcile: { __typename: 'StartReconcileSuccess' },
  });
  await drainUntil(
    world,
    async () =>
      (await first(world, 'SELECT bool_and(finished_at IS NOT NULL) FROM reconcile_run')) === true,
  );
  expect(await reconcile.run('ReadDrifts')).toMatchObject({
    reconcileRun: { progress: 1, controlTotals: [{ currency: 'USD' }] },
  });

  const map = start('09-map-a-reference');
  await map.run('CompanyWithReferences');
  expect(await map.run('WaitingReferences')).toMatchObject({
    references: { nodes: [{ internalName: 'Kestrel Boat Yard', waitingInvoiceCount: 1 }] },
  });
  expect(await map.run('MapReference')).toMatchObject({
    mapReference: { __typename: 'MapReferenceSuccess' },
  });

  const pause = start('10-pause-a-company');
  await pause.run('CompanyToPause');
  expect(await pause.run('PauseCompany')).toMatchObject({
    setCompanyPaused: { company: { pausedDirections: ['TO_QUICKBOOKS'] } },
  });

  expect([...ran]).toEqual([...recipes.keys()]);
});
