import { createHash } from 'node:crypto';
import {
  parse,
  print,
  visit,
  type ASTNode,
  type DocumentNode,
  type ASTVisitor,
  type FieldNode,
  type ObjectValueNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
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
    .update(print(visit(document, inOrder)))
    .digest('hex');

const inOrder = {
  Document: {
    leave: (node: DocumentNode) => ({ ...node, definitions: sorted(node.definitions) }),
  },
  OperationDefinition: {
    leave: (node: OperationDefinitionNode) => ({
      ...node,
      variableDefinitions: sorted(node.variableDefinitions ?? []),
    }),
  },
  SelectionSet: {
    leave: (node: SelectionSetNode) => ({ ...node, selections: sorted(node.selections) }),
  },
  Field: {
    enter: ({ name }: FieldNode) => (name.value === '__typename' ? null : undefined),
    leave: (node: FieldNode) => ({ ...node, arguments: sorted(node.arguments ?? []) }),
  },
  ObjectValue: {
    leave: (node: ObjectValueNode) => ({ ...node, fields: sorted(node.fields) }),
  },
} satisfies ASTVisitor;

const sorted = <Node extends ASTNode>(nodes: readonly Node[]): readonly Node[] =>
  nodes
    .map((node) => ({ node, text: print(node) }))
    .toSorted((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ node }) => node);
