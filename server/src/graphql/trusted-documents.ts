import { createHash } from 'node:crypto';
import {
  Kind,
  parse,
  print,
  visit,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
} from 'graphql';

/** The web app's own documents: all that a cookie alone may run (http.md §2). */
export type TrustedDocuments = {
  readonly isTrusted: (document: DocumentNode) => boolean;
  /** Text behind the hash a client sends instead; undefined for one we did not publish. */
  readonly textOf: (hash: string) => string | undefined;
};

/** Documents by the hash under which they were published; printed anew, a document may say the same in another order. */
export function createTrustedDocuments(
  published: Readonly<Record<string, string>>,
): TrustedDocuments {
  const known = new Set(Object.values(published).map((text) => fingerprint(parse(text))));
  const texts = new Map(Object.entries(published));
  return {
    isTrusted: (document) => known.has(fingerprint(document)),
    textOf: (hash) => texts.get(hash.replace(/^sha256:/, '')),
  };
}

/** The document a request carries, or the published one it names by hash. */
export function publishedText(
  query: string | null | undefined,
  extensions: Readonly<Record<string, unknown>> | null | undefined,
  { textOf }: TrustedDocuments,
): string {
  if (query) return query;
  const named = extensions?.['persistedQuery'];
  const hash =
    typeof named === 'object' && named !== null && 'sha256Hash' in named ? named.sha256Hash : null;
  return typeof hash === 'string' ? (textOf(hash) ?? '') : '';
}

/** The same for documents that ask the same: the order of what is asked, and `__typename`, do not count. */
const fingerprint = (document: DocumentNode): string =>
  createHash('sha256')
    .update(
      print(visit(document, { Field: { enter: withoutTypename, leave: inOrder }, leave: inOrder })),
    )
    .digest('hex');

const withoutTypename = ({ name }: FieldNode) => (name.value === '__typename' ? null : undefined);

const inOrder = (node: ASTNode): ASTNode => {
  switch (node.kind) {
    case Kind.DOCUMENT:
      return { ...node, definitions: sorted(node.definitions) };
    case Kind.OPERATION_DEFINITION:
      return { ...node, variableDefinitions: sorted(node.variableDefinitions ?? []) };
    case Kind.SELECTION_SET:
      return { ...node, selections: sorted(node.selections) };
    case Kind.FIELD:
      return { ...node, arguments: sorted(node.arguments ?? []) };
    case Kind.OBJECT:
      return { ...node, fields: sorted(node.fields) };
    default:
      return node;
  }
};

const sorted = <Node extends ASTNode>(nodes: readonly Node[]): readonly Node[] =>
  nodes
    .map((node) => ({ node, text: print(node) }))
    .toSorted((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ node }) => node);
