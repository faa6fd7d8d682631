import { nat, string, type GeneratorValue } from 'fast-check';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  isInterfaceType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
} from 'graphql';
import { schema } from '#graphql/schema.ts';

/** One choice after the other; whoever makes the same choices gets the same document. */
export type Choices = {
  /** 0 to `count - 1`. */
  readonly below: (count: number) => number;
  readonly text: () => string;
  /** Ids and cursors that exist, of all companies. */
  readonly known: readonly string[];
  /** One value in so many has the wrong type or form. */
  readonly wrongOneIn: number;
};

export type HostileRequest = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operation: 'query' | 'mutation' | 'subscription';
};

const pick = <Item>({ below }: Choices, items: readonly Item[]): Item => {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const oftenBad = [
  '',
  '\0',
  'INV\0-1001',
  '%',
  String.raw`\%_`,
  "'; DROP TABLE link; --",
  '\u202Eevil',
  '\uD800',
  '🧾'.repeat(50),
  'x'.repeat(100_000),
  '9'.repeat(400),
  '-1',
  '2026-02-31',
  '+275760-09-13T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '0000-01-01',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59+14:00',
  '../../etc/passwd',
  '{"a":',
  Buffer.from('["receivedAt","x","y"]').toString('base64url'),
  Buffer.from('Company:\0').toString('base64'),
  Buffer.from('FieldPolicy:x/y').toString('base64'),
  Buffer.from('Undo:').toString('base64'),
];

function textFrom(choices: Choices): string {
  const kind = choices.below(5);
  if (kind <= 1) return pick(choices, choices.known);
  if (kind <= 3) return pick(choices, oftenBad);
  return choices.text();
}

const numbers = [0, 1, 2, 10, 200, 201, -1, 2_147_483_647, -2_147_483_648, 1e21, 0.5];

/** Of the right shape mostly, and now and then of any other. */
function valueFor(type: GraphQLInputType, choices: Choices, depth: number): unknown {
  if (choices.below(choices.wrongOneIn) === 0) {
    return pick(choices, [null, true, 7, 1e300, [], {}, [[[]]], { a: { b: [] } }, 'text']);
  }
  if (isNonNullType(type)) return valueFor(type.ofType, choices, depth);
  if (isListType(type)) {
    const length = pick(choices, [0, 1, 1, 2, 3, 150]);
    return Array.from({ length }, () => valueFor(type.ofType, choices, depth + 1));
  }
  if (isEnumType(type)) return pick(choices, type.getValues()).name;
  if (isInputObjectType(type)) return inputFor(type, choices, depth);
  return leafFor(type.name, choices);
}

function inputFor(type: GraphQLNamedType, choices: Choices, depth: number): unknown {
  if (!isInputObjectType(type)) return null;
  const fields = Object.values(type.getFields());
  const only = type.isOneOf && choices.below(8) > 0 ? pick(choices, fields) : null;
  const given = fields.filter((field) =>
    only === null
      ? isNonNullType(field.type) || (depth < 4 && choices.below(2) === 0)
      : field === only,
  );
  return Object.fromEntries(
    given.map((field) => [field.name, valueFor(field.type, choices, depth + 1)]),
  );
}

function leafFor(name: string, choices: Choices): unknown {
  const isWild = choices.below(choices.wrongOneIn) === 0;
  if (isWild && name !== 'Int') return textFrom(choices);
  switch (name) {
    case 'Int':
    case 'Float':
      return isWild ? pick(choices, numbers) : 1 + choices.below(5);
    case 'Boolean':
      return choices.below(2) === 0;
    case 'IdempotencyKey':
      return `hostile-hands-${choices.below(1_000_000)}-${choices.below(1_000_000)}`;
    case 'DateTime':
      return pick(choices, [
        '2026-11-22T00:00:00Z',
        '1900-01-01T00:00:00Z',
        '2999-12-31T23:59:59Z',
      ]);
    case 'Date':
      return pick(choices, ['2026-11-22', '1900-01-01', '2999-12-31']);
    case 'Decimal':
      return pick(choices, ['0', '1.50', '-999999999999999999.999999999']);
    case 'BigInt':
      return pick(choices, ['0', '9223372036854775807', '9999999999999999999']);
    case 'CurrencyCode':
      return 'USD';
    case 'ID':
      return pick(choices, choices.known);
    default:
      return textFrom(choices);
  }
}

type Making = {
  readonly variables: Record<string, unknown>;
  readonly declared: string[];
  left: number;
  aliases: number;
};

function argumentsFor(args: readonly GraphQLArgument[], choices: Choices, making: Making): string {
  const given = args.filter(
    ({ type, defaultValue }) =>
      (isNonNullType(type) && defaultValue === undefined) || choices.below(3) === 0,
  );
  if (given.length === 0) return '';
  const parts = given.map(({ name, type }) => {
    const variable = `v${making.declared.length}`;
    making.declared.push(`$${variable}: ${String(type)}`);
    making.variables[variable] = valueFor(type, choices, 0);
    return `${name}: $${variable}`;
  });
  return `(${parts.join(', ')})`;
}

function fieldFor(
  field: GraphQLField<unknown, unknown>,
  choices: Choices,
  making: Making,
  depth: number,
): string {
  const args = argumentsFor(field.args, choices, making);
  making.aliases += args === '' ? 0 : 1;
  const alias = args === '' ? '' : `a${choices.below(20) === 0 ? 1 : making.aliases}: `;
  const type = getNamedType(field.type);
  const under = isLeafType(type) ? '' : ` { ${selectionFor(type, choices, making, depth + 1)} }`;
  return `${alias}${field.name}${args}${under}`;
}

function selectionFor(
  type: GraphQLNamedType,
  choices: Choices,
  making: Making,
  depth: number,
): string {
  if (isUnionType(type) || (isInterfaceType(type) && choices.below(2) === 0)) {
    const member = pick(choices, schema.getPossibleTypes(type));
    return `__typename ... on ${member.name} { ${selectionFor(member, choices, making, depth)} }`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
  const fields = Object.values(type.getFields());
  const shallow = fields.filter((field) => isLeafType(getNamedType(field.type)));
  const count = Math.min(pick(choices, [1, 2, 3, 6]), Math.max(0, making.left));
  making.left -= count;
  const among = depth > 7 || making.left <= 0 ? shallow : fields;
  if (among.length === 0) return '__typename';
  const chosen = Array.from({ length: count }, () =>
    fieldFor(pick(choices, among), choices, making, depth),
  );
  return ['__typename', ...chosen].join(' ');
}

/** A document that fits the schema, with hostile values. */
function wellFormed(given: Choices): HostileRequest {
  const choices = { ...given, wrongOneIn: pick(given, [8, 60, 500, 500]) };
  const operation = pick(choices, ['query', 'query', 'query', 'mutation', 'subscription'] as const);
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[operation];
  if (root == null) throw new Error(`no ${operation} is served`);
  const making: Making = { variables: {}, declared: [], left: 14, aliases: 0 };
  const count = operation === 'query' ? 1 + choices.below(3) : 1;
  const fields = Array.from({ length: count }, () =>
    fieldFor(pick(choices, Object.values(root.getFields())), choices, making, 0),
  );
  const declared = making.declared.length === 0 ? '' : `(${making.declared.join(', ')})`;
  const query = `${operation} Hostile${declared} { ${fields.join(' ')} }`;
  return { query, variables: making.variables, operation };
}

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_each, index) => part(index)).join(' ');

/** Documents that are themselves the attack. */
function monster(choices: Choices): HostileRequest {
  const many = pick(choices, [2, 13, 60, 300, 3_000]);
  const query = pick(choices, [
    () => `{ outboxEvents { nodes ${'{ derivedFrom '.repeat(many)}{ id }${' }'.repeat(many)} } }`,
    () => `{ ${repeat(many, (index) => `a${index}: viewer { scopes }`)} }`,
    () => `{ ${repeat(many, () => 'viewer { scopes }')} }`,
    () => `{ viewer ${repeat(many, () => '@include(if: true)')} { scopes } }`,
    () =>
      `query { ...F0 } ${repeat(many, (index) => `fragment F${index} on Query { ...F${(index + 1) % many} viewer { scopes } }`)}`,
    () => `query { ${repeat(many, () => '...F')} } fragment F on Query { viewer { scopes } }`,
    () =>
      `query (${repeat(many, (index) => `$v${index}: Int = ${'1'.repeat(index % 50 || 1)}`)}) { viewer { scopes } }`,
    () => repeat(many, (index) => `query Q${index} { viewer { scopes } }`),
    () => `{ search(query: "${'x'.repeat(many * 100)}") { __typename } }`,
    () => `{ nodes(ids: [${repeat(many, () => '"Q29tcGFueTox"')}]) { id } }`,
    () =>
      `{ search(query: "\\u0000") { __typename } invoices(filter: { search: "\\uD800" }) { totalCount } }`,
    () => `{ __schema ${'{ types { fields { type '.repeat(many)}{ name }${' } } }'.repeat(many)} }`,
    () => `{ ${'['.repeat(many)} }`,
    () => `{ companies(filter: ${'{a:'.repeat(many)}1${'}'.repeat(many)}) { totalCount } }`,
    () => '"""'.repeat(many),
    () => '\uFEFF# only a comment',
  ])();
  return { query, variables: deepVariables(choices), operation: 'query' };
}

/** Nested deeper than anything that walks them by recursion could bear. */
function deepVariables(choices: Choices): Readonly<Record<string, unknown>> {
  const depth = pick(choices, [0, 0, 40, 400, 4_000]);
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return { value };
}

/** A well-formed document with pieces cut out, doubled and swapped for others. */
function mangled(choices: Choices): HostileRequest {
  const { query, variables } = wellFormed(choices);
  let text = query;
  for (let cut = choices.below(4); cut >= 0; cut -= 1) {
    const at = choices.below(text.length + 1);
    const to = Math.min(text.length, at + choices.below(12));
    const put = pick(choices, [
      '',
      text.slice(at, to).repeat(2),
      '$',
      '{',
      '}',
      '\0',
      '"',
      ' @skip(if: $v0) ',
      '...',
      'null',
    ]);
    text = text.slice(0, at) + put + text.slice(to);
  }
  return { query: text, variables, operation: 'query' };
}

/** The next request of hostile hands. */
export function hostileRequest(choices: Choices): HostileRequest {
  const kind = choices.below(10);
  if (kind <= 6) return wellFormed(choices);
  return kind === 7 ? monster(choices) : mangled(choices);
}

/** Made once: each such generator first maps every code point there is. */
const anyText = string({ unit: 'binary', maxLength: 40 });
const texts = () => anyText;

/** Choices made by fast-check, so that a seed repeats them. */
export const choicesOf = (chance: GeneratorValue, known: readonly string[]): Choices => ({
  below: (count) => chance(nat, count - 1),
  text: () => chance(texts),
  known,
  wrongOneIn: 25,
});
