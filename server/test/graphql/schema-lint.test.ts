import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const server = path.resolve(import.meta.dirname, '../..');
const file = path.join(server, 'schema.graphql');
const printed = readFileSync(file, 'utf8');
/** Reads server/eslint.config.mjs. */
const linter = new ESLint({ cwd: server });
const secondsMax = 60;

/** What the contract, whose names are fixed, has otherwise than the rules; by the line it stands on. */
const agreed = [
  // Neither has a life of its own: the one is an answer computed anew, the other a line of a planning pass.
  { rule: '@graphql-eslint/relay-edge-types', line: 'type MatchSuggestionEdge {' },
  // The key pairs a payment across the sides; it is not the id of the payment.
  { rule: '@graphql-eslint/no-typename-prefix', line: 'paymentKey: String!' },
  { rule: '@graphql-eslint/relay-edge-types', line: 'type PlannedWriteEdge {' },
];

/** What the linter finds in a schema's text, as the rule and the line it points to. */
async function findings(text: string): Promise<{ rule: string | null; line: string }[]> {
  const [result] = await linter.lintText(text, { filePath: file });
  const lines = text.split('\n');
  return (result?.messages ?? []).map(({ ruleId, line }) => ({
    rule: ruleId,
    line: lines[line - 1]?.trim() ?? '',
  }));
}

test(
  'the schema keeps the rules of graphql-eslint, but for what the contract fixed otherwise',
  async () => {
    expect(await findings(printed)).toEqual(agreed);
  },
  secondsMax * 1_000,
);

test(
  'the linter is awake: a bare field, an odd argument and a block description are found',
  async () => {
    const spoilt = printed
      .replace('  "Drift."\n  driftId: ID!', '  driftId: ID!')
      .replace(/^ {2}acceptDrift\(/m, '  acceptDrift("More." more: Int, ')
      .replace('"Declare a difference acceptable."', '"""Declare a difference acceptable."""');

    expect((await findings(spoilt)).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining([
        '@graphql-eslint/require-description',
        '@graphql-eslint/input-name',
        '@graphql-eslint/description-style',
      ]),
    );
  },
  secondsMax * 1_000,
);
