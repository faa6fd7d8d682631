import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { schemaText } from '#graphql/print-schema.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const printed = readFileSync(path.join(root, 'server/schema.graphql'), 'utf8');
/** What was agreed with everybody who builds on the API; it changes only by agreement. */
const contract = readFileSync(path.join(import.meta.dirname, 'contract.graphql'), 'utf8');

test('server/schema.graphql is what the code prints', () => {
  expect(printed).toBe(schemaText());
});

type Element = { readonly name: string; readonly says: string };

const typed = (owner: string, part: { name: string; type: unknown; description?: unknown }) => ({
  name: `${owner}.${part.name}`,
  says: `${String(part.type)} "${String(part.description)}"`,
});

const argument = (owner: string, arg: GraphQLArgument): Element => {
  const { name, says } = typed(owner, arg);
  return { name: `${name}()`, says: `${says} = ${JSON.stringify(arg.defaultValue)}` };
};

function elementsOf(type: GraphQLNamedType): Element[] {
  const self = { name: type.name, says: `${type.constructor.name} "${type.description}"` };
  if (isEnumType(type)) {
    const values = type.getValues();
    return [self, ...values.map((value) => typed(type.name, { ...value, type: 'value' }))];
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const parts = fields.map((field) => {
      const { name, says } = typed(type.name, field);
      return { name, says: `${says} = ${JSON.stringify(field.defaultValue)}` };
    });
    return [self, ...parts];
  }
  if (isUnionType(type)) {
    return [
      self,
      ...type.getTypes().map((member) => ({ name: `${type.name} | ${member.name}`, says: '' })),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [self];
  const interfaces = type
    .getInterfaces()
    .map((each) => ({ name: `${type.name} is ${each.name}`, says: '' }));
  const fields = Object.values(type.getFields()).flatMap((field) => [
    typed(type.name, field),
    ...field.args.map((arg) => argument(`${type.name}.${field.name}`, arg)),
  ]);
  return [self, ...interfaces, ...fields];
}

function elements(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  return new Map(types.flatMap(elementsOf).map(({ name, says }) => [name, says]));
}

const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

const agreed = elements(buildSchema(contract));
const served = elements(buildSchema(printed));

test('every type, field, argument and value served has a description', () => {
  const bare = [...served].filter(
    ([name, says]) => says.includes('"undefined"') && !builtIn.has(name),
  );

  expect(served.size).toBeGreaterThan(500);
  expect(bare.map(([name]) => name)).toEqual([]);
});

/** What we say beyond the contract, which may only be added to (http.md, first lines), and why. */
const additions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Revoking the last administrator would lock everybody out.': [
      'RevokeApiClientResult | IllegalStateError',
    ],
    'A page about connections tells of either side when it was heard last.': [
      'CompanyHealth.lastInternalWebhookAt',
    ],
    'The newest events first thing, so that a page about what happens is not empty until something does.':
      ['Query.syncEvents.last()', 'Query.syncEvents.before()'],
    'Nobody is woken by a message that can wait, and a receiver has to know what signs what is posted to it.':
      [
        'QuietHours',
        'QuietHours.from',
        'QuietHours.until',
        'QuietHours.timeZone',
        'QuietHoursInput',
        'QuietHoursInput.from',
        'QuietHoursInput.until',
        'QuietHoursInput.timeZone',
        'NotificationSettings.quietHours',
        'SetNotificationsInput.quietHours',
        'SetNotificationsSuccess.webhookSecret',
      ],
    'Every reconcile is a run that a person can see, the regular look at what changed too.': [
      'ReconcileTrigger',
      'ReconcileTrigger.POLL',
      'ReconcileTrigger.DAILY',
      'ReconcileTrigger.PERSON',
      'ReconcileTrigger.RESTORE',
      'ReconcileRun.trigger',
      'ReconcileRun.since',
      'ReconcileRun.polls',
      'ReconcileRun.changes',
      'ReconcileRun.quickbooksReads',
      'ReconcileRunFilter.triggers',
    ],
  }).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

test('everything served is in the contract, with the same type, default and description, or an addition with a reason', () => {
  const different = [...served].filter(
    ([name, says]) => agreed.get(name) !== says && !additions.has(name),
  );

  expect(different).toEqual([]);
});

test('an addition adds: it is served, and changes nothing that was agreed', () => {
  const names = [...additions.keys()];

  expect(names.filter((name) => !served.has(name))).toEqual([]);
  expect(names.filter((name) => agreed.has(name))).toEqual([]);
});

test('everything of the contract is served', () => {
  expect([...agreed.keys()].filter((name) => !served.has(name))).toEqual([]);
});

test('one version of graphql is installed: two would not know each other’s types', () => {
  const installed = readdirSync(path.join(root, 'node_modules/.pnpm'));

  expect(installed.filter((name) => name.startsWith('graphql@'))).toEqual(['graphql@16.15.0']);
});
