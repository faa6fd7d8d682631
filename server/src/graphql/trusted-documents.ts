import { createHash } from 'node:crypto';
import { Kind, parse, print, visit, type DocumentNode } from 'graphql';

/** The web app's own documents: all that a cookie alone may run (http.md §2). */
export type TrustedDocuments = {
  readonly isTrusted: (document: DocumentNode) => boolean;
  /** Text behind the hash a client sends instead; undefined for one we did not publish. */
  readonly textOf: (hash: string) => string | undefined;
};

/** Documents by the hash under which they were published; caches add `__typename` where they like, so it does not count. */
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

const fingerprint = (document: DocumentNode): string =>
  createHash('sha256')
    .update(print(visit(document, { Field: withoutTypename })))
    .digest('hex');

const withoutTypename = (field: {
  readonly kind: Kind.FIELD;
  readonly name: { readonly value: string };
}) => (field.name.value === '__typename' ? null : undefined);
