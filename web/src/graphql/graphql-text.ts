import { stringifyDocument } from 'urql';
import { paths } from '../paths.ts';

/** A query with the variables it was asked with. */
export type AskedQuery = {
  readonly query: Parameters<typeof stringifyDocument>[0];
  readonly variables: object;
};

const variablesText = (variables: object) => JSON.stringify(variables, null, 2);

/** The query as text, its variables after it as a comment, ready to paste anywhere. */
export function graphqlText({ query, variables }: AskedQuery): string {
  const comment = variablesText(variables).replaceAll(/^/gm, '# ');
  return `${stringifyDocument(query)}\n\n# Variables\n${comment}\n`;
}

/** The playground with this query and its variables filled in. */
export function playgroundHref({ query, variables }: AskedQuery): string {
  return paths.playground(stringifyDocument(query), variablesText(variables));
}
