import { z } from 'zod';

/** A page of a connection whose nodes have that shape. */
export const pageOf = <Node>(node: z.ZodType<Node>) =>
  z.object({
    edges: z.array(z.object({ node })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  });

type Page<Node> = {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** The nodes of every page, page by page. */
export async function* everyPage<Node>(
  read: (after: string | null) => Promise<Page<Node>>,
): AsyncGenerator<readonly Node[]> {
  let after: string | null = null;
  do {
    const { edges, pageInfo }: Page<Node> = await read(after);
    yield edges.map(({ node }) => node);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
}

/** The nodes of all pages. */
export async function allOf<Node>(
  read: (after: string | null) => Promise<Page<Node>>,
): Promise<readonly Node[]> {
  const found: Node[] = [];
  for await (const nodes of everyPage(read)) found.push(...nodes);
  return found;
}
