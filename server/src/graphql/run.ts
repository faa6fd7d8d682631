import {
  createSourceEventStream,
  execute,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { GraphqlContext } from './context.ts';
import type { Bucket } from './budgets.ts';
import { costLimits, costOf } from './cost.ts';
import { topLevelError } from './errors.ts';
import { documentLimits, limitRule } from './limits.ts';
import { schema } from './schema.ts';
import { unsoundText } from './sound-text.ts';
import type { Standing } from './standing.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** What an operation costs and what is left, for `extensions.cost`. */
type Charge = {
  readonly requested: number;
  readonly budget: { readonly limit: number; readonly remaining: number };
};

/** One request, from its first byte to its answer. */
export type Session = {
  readonly caller: GraphqlContext['caller'];
  readonly correlationId: string;
  readonly budget: Bucket;
  readonly bufferedBytes: GraphqlContext['bufferedBytes'];
  /** Set once the operation is paid for. */
  charged: Charge | null;
  readonly browser: GraphqlContext['browser'];
  /** Watches whether the caller keeps the rights, for what stays open. */
  readonly watch: () => Standing;
};

export type RunContext = GraphqlContext & { readonly session: Session };

/** Whether a value is a context of ours; what the libraries hand back is typed as unknown. */
export const isRunContext = (value: unknown): value is RunContext =>
  typeof value === 'object' && value !== null && 'session' in value && 'caller' in value;

/** The parser's own words for a document over the limit. */
const tooManyTokens = /more tha[nt] \d+ tokens/;

/** Reads a document; the token limit keeps a huge one from being read to the end. */
export function parseDocument(text: string): DocumentNode {
  const { tokensMax } = documentLimits;
  try {
    return parse(text, { maxTokens: tokensMax });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (!tooManyTokens.test(error.message)) throw coded(error, 'GRAPHQL_PARSE_FAILED');
    throw topLevelError('LIMIT_EXCEEDED', `A document may hold at most ${tokensMax} tokens.`);
  }
}

/** An error of the library with its code, as HTTP gives it; one that has a code keeps it. */
function coded(error: GraphQLError, code: string): GraphQLError {
  const { nodes, source, positions } = error;
  const extensions = { code, ...error.extensions };
  return new GraphQLError(error.message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions,
  });
}

/** Why a document is refused; empty when it may run. A rule that throws refuses too: it must not end the socket. */
export function validateDocument(document: DocumentNode): readonly GraphQLError[] {
  try {
    const errors = validate(schema, document, [...specifiedRules, limitRule]);
    return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
  } catch (error) {
    const refusal = topLevelError('BAD_USER_INPUT', 'The document cannot be validated.');
    return [error instanceof GraphQLError ? error : refusal];
  }
}

function requestedBy({ document, operationName, variableValues }: ExecutionArgs): number {
  try {
    return costOf(schema, document, operationName, variableValues ?? {});
  } catch {
    return 1; // variables that do not fit: the run itself says so, by name
  }
}

/** Takes the cost of an operation from the caller's budget; answers why it may not run, for its text too, or null. */
export async function charge(
  args: ExecutionArgs,
  { session }: RunContext,
): Promise<GraphQLError | null> {
  const fault = unsoundText(args.document, args.variableValues);
  if (fault !== null) return fault;
  const requested = requestedBy(args);
  const { perOperationMax } = costLimits;
  if (requested > perOperationMax) {
    const message = `The operation costs ${requested} points; at most ${perOperationMax} are served. Ask for smaller pages.`;
    return topLevelError('LIMIT_EXCEEDED', message);
  }
  const { budget } = session;
  const refusal = await budget.take(requested);
  if (refusal !== null) {
    const message = `Your query budget is used up; ask again in ${refusal.waitSeconds} s.`;
    return topLevelError('RATE_LIMITED', message, { 'retry-after': String(refusal.waitSeconds) });
  }
  session.charged = { requested, budget: { limit: budget.limit, remaining: budget.known() } };
  return null;
}

/** The same where a failure of ours must end this operation only, not its socket. */
const chargeOrFail = (args: ExecutionArgs, context: RunContext): Promise<GraphQLError | null> =>
  charge(args, context).catch((originalError: Error) => new GraphQLError('', { originalError }));

/** Runs a subscription; each message is a run of its own with a context of its own, so nothing is cached between them. */
export async function runSubscription(
  args: ExecutionArgs,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult, void, undefined>> {
  const context = args.contextValue;
  if (!isRunContext(context)) throw new Error('a subscription without a context');
  const refusal = await chargeOrFail(args, context);
  if (refusal !== null) return { errors: [refusal] };
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const answers = mapped(source, (payload) =>
    execute({ ...args, rootValue: payload, contextValue: { ...context } }),
  );
  return whileStanding(answers, context.session.watch());
}

/** Ends when the caller's rights do; stops watching when the reader leaves. */
function whileStanding<Item>(
  items: AsyncIterableIterator<Item, void, undefined>,
  { signal, release }: Standing,
): AsyncIterableIterator<Item, void, undefined> {
  const end = (): void => void items.return?.();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const over = <Step extends { readonly done?: boolean }>(step: Step): Step => {
    if (step.done === true) release();
    return step;
  };
  return {
    next: async () => over(await items.next()),
    return: async () => {
      release();
      await items.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Why a caller may not run a document though it is sound; null when it may. */
export const untrusted = (
  document: DocumentNode,
  { caller }: Pick<Session, 'caller'>,
  { isTrusted }: TrustedDocuments,
): GraphQLError | null =>
  caller.documents === 'open' || isTrusted(document)
    ? null
    : topLevelError(
        'FORBIDDEN',
        'A session runs the web app’s own documents only. Use an API key, or the playground’s token.',
      );

/** Each item turned into another; leaving ends the source at once, even while it waits. */
export function mapped<Item, Result>(
  items: AsyncIterable<Item>,
  turn: (item: Item) => Result | Promise<Result>,
): AsyncIterableIterator<Result, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  return {
    next: async () => {
      const step = await source.next();
      return step.done === true
        ? { done: true, value: undefined }
        : { done: false, value: await turn(step.value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
