import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import type { ChangedIds } from './use-changed-ids.ts';

/** One document with its variables: what a list asks, and what it hands on as GraphQL. */
export type Asked<Data, Variables extends AnyVariables> = {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
};

type LiveListProps<Data, Variables extends AnyVariables> = {
  readonly asked: Asked<Data, Variables>;
  readonly result: LiveQuery<Data>;
  readonly changed: ChangedIds;
  /** "12 conflicts", or what they are called while nobody knows how many. */
  readonly title: string;
  /** What is listed, in words that fit after "The" and "Loading". */
  readonly what: string;
  readonly skeletonRows?: number;
  /** Further controls of the panel. */
  readonly actions?: ReactNode;
  readonly children: (data: NonNullable<Data>) => ReactNode;
};

/** The frame of every list that the stream keeps talking about: its order holds still, and what changed waits behind a button. */
export function LiveList<Data, Variables extends AnyVariables>({
  asked,
  result,
  changed,
  title,
  what,
  skeletonRows = 8,
  actions,
  children,
}: LiveListProps<Data, Variables>) {
  const { changedCount, forget } = changed;
  const showNow = () => {
    forget();
    result.retry();
  };
  return (
    <Panel
      title={title}
      isPadded={false}
      actions={
        <>
          {changedCount > 0 && (
            <Button onClick={showNow}>{formatCount(changedCount)} changed · show</Button>
          )}
          {actions}
          <PanelGraphql query={asked.query} variables={asked.variables ?? {}} />
        </>
      }
    >
      <QueryView
        result={result}
        what={`The ${what}`}
        skeleton={
          <div className="px-4 pb-4">
            <Skeleton what={what} rows={skeletonRows} />
          </div>
        }
      >
        {children}
      </QueryView>
    </Panel>
  );
}

/** Every connection of the API ends like this. */
type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
};

type PagedVariables = AnyVariables & { readonly after?: string | null | undefined };

type PagesProps<Data, Variables extends AnyVariables, Node> = {
  readonly asked: Asked<Data, Variables>;
  readonly page: Page<Node>;
  readonly pageOf: (data: Data) => Page<Node>;
  readonly pageSize: number;
  readonly what: string;
  readonly children: (node: Node) => ReactNode;
};

/** The rows of one page, and the next page below once it is asked for: pages belong to their filter and never mix. */
export function Pages<Data, Variables extends PagedVariables, Node>(
  props: PagesProps<Data, Variables, Node>,
) {
  const { page, pageSize, children, asked } = props;
  const [isMore, setMore] = useState(false);
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      {page.nodes.map(children)}
      {hasNextPage && endCursor !== null && !isMore && (
        <div role="row" className="py-3 text-center">
          <div role="cell">
            <Button onClick={() => setMore(true)}>Show {pageSize} more</Button>
          </div>
        </div>
      )}
      {isMore && endCursor !== null && (
        <NextPage
          {...props}
          asked={{ ...asked, variables: { ...asked.variables, after: endCursor } }}
        />
      )}
    </>
  );
}

function NextPage<Data, Variables extends PagedVariables, Node>(
  props: PagesProps<Data, Variables, Node>,
) {
  const { asked, pageOf, what } = props;
  const result = useLiveQuery(asked);
  if (result.data) return <Pages {...props} page={pageOf(result.data)} />;
  return (
    <div role="row" className="px-4 py-3">
      <div role="cell">
        <QueryView result={result} what={`More ${what}`}>
          {() => null}
        </QueryView>
      </div>
    </div>
  );
}
