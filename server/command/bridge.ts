import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** What a person reads when something could not be done; the command ends with 1. */
export class Refusal extends Error {}

/** Asks the API of a running bridge. */
export type Bridge = {
  /** Runs a document; its data as the schema says. */
  ask<Data>(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    schema: z.ZodType<Data>,
  ): Promise<Data>;
  /** Runs a mutation whose answer is named `result`; what was refused is a `Refusal` in its own words. */
  act<Done>(
    document: string,
    input: Readonly<Record<string, unknown>>,
    schema: z.ZodType<Done>,
  ): Promise<Done>;
};

const answerMs = 60_000;

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

const refused = z.object({
  __typename: z.string().endsWith('Error'),
  message: z.string(),
  issues: z.array(z.object({ message: z.string() })).optional(),
});

/** The API at that address, with that key. */
export function createBridge(url: string, key: string): Bridge {
  const ask: Bridge['ask'] = async (document, variables, schema) => {
    const { data, errors } = answerSchema.parse(
      await post(url, key, { query: document, variables }),
    );
    if (errors !== undefined) throw new Refusal(errors.map(({ message }) => message).join(' '));
    return schema.parse(data);
  };
  return {
    ask,
    act: async (document, input, schema) => {
      const keyed = { input: { ...input, idempotencyKey: randomUUID() } };
      const { result } = await ask(document, keyed, z.object({ result: z.unknown() }));
      const refusal = refused.safeParse(result);
      if (!refusal.success) return schema.parse(result);
      const { message, issues = [] } = refusal.data;
      throw new Refusal([message, ...issues.map((issue) => issue.message)].join(' '));
    },
  };
}

async function post(url: string, key: string, body: object): Promise<unknown> {
  const address = new URL('graphql', url.endsWith('/') ? url : `${url}/`);
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerMs),
    });
  } catch {
    throw new Refusal(`No bridge answers at ${address.origin}. Is an api running there?`);
  }
  if (response.status === 401)
    throw new Refusal(
      'The key is not accepted. Set LEDGERBRIDGE_API_KEY to one that is not revoked.',
    );
  try {
    return JSON.parse(await response.text());
  } catch {
    throw new Refusal(`${address.href} answered ${response.status} and is no API of a bridge.`);
  }
}
