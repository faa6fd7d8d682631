import { visit, type DocumentNode, type GraphQLError } from 'graphql';
import { badInput } from './errors.ts';

/** Deepest nesting of variables; nothing in the contract comes near it. */
const variableDepthMax = 50;

/** Text that PostgreSQL can keep: no NUL, no half of a surrogate pair. */
const isSound = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const unsound = (): GraphQLError =>
  badInput('Text may hold neither the character U+0000 nor half of a surrogate pair.');

type Pending = { readonly value: unknown; readonly depth: number };

/** Walks without recursion: the nesting is the caller's to choose. */
function faultOfVariables(variables: unknown): GraphQLError | null {
  const pending: Pending[] = [{ value: variables, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isSound(value)) return unsound();
    if (typeof value !== 'object' || value === null) continue;
    if (depth === variableDepthMax) {
      return badInput(`Variables may be nested ${variableDepthMax} levels deep.`);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (!isSound(key)) return unsound();
      pending.push({ value: inner, depth: depth + 1 });
    }
  }
  return null;
}

function faultOfDocument(document: DocumentNode): GraphQLError | null {
  let isFine = true;
  visit(document, {
    StringValue: ({ value }) => {
      isFine &&= isSound(value);
    },
  });
  return isFine ? null : unsound();
}

/** Why an operation cannot be run with the text it brings, in its document or its variables; null when it can. */
export const unsoundText = (document: DocumentNode, variables: unknown): GraphQLError | null =>
  faultOfVariables(variables) ?? faultOfDocument(document);
