import { useState } from 'react';
import {
  LinkInvoicesDocument,
  SetupCountsDocument,
  SetupMatchesDocument,
} from '../graphql/generated/graphql.ts';
import type { MatchSideFragment, SetupMatchesQuery } from '../graphql/generated/graphql.ts';
import { formatDate } from '../format/date.ts';
import { formatCount, formatShare } from '../format/money.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AppLink } from './app-link.tsx';
import { LiveList, Pages } from './live-list.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { useChangedIds } from './use-changed-ids.ts';
import { MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const pageSize = 25;

type MatchingProps = { readonly companyId: string; readonly mayChange: boolean };

/** What is paired already, and what only looks alike: two documents of one invoice would else become two. */
export function SetupMatching({ companyId, mayChange }: MatchingProps) {
  const asked = { query: SetupMatchesDocument, variables: { companyId, first: pageSize } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ company, type }) => company.id === companyId && type === 'INVOICE_CHANGED',
    refetchMs: 5_000,
  });
  const changed = useChangedIds(companyId, () => null);
  const total = result.data?.matchSuggestions.totalCount;
  return (
    <>
      <Counts companyId={companyId} />
      <LiveList
        asked={asked}
        result={result}
        changed={changed}
        title={
          total === undefined
            ? 'Pairs that look alike'
            : `${formatCount(total)} ${total === 1 ? 'pair looks' : 'pairs look'} alike and ${total === 1 ? 'is' : 'are'} not linked`
        }
        what="pairs that look alike"
      >
        {({ matchSuggestions }) =>
          matchSuggestions.nodes.length === 0 ? (
            <Empty title="No unlinked pair looks alike.">
              Nothing here would become a second document of the same invoice.
            </Empty>
          ) : (
            <ul>
              <Pages
                asked={asked}
                page={matchSuggestions}
                pageOf={(data) => data.matchSuggestions}
                pageSize={pageSize}
                what="pairs"
              >
                {(match) => (
                  <Match
                    key={`${match.internal.externalId} ${match.quickbooks.externalId}`}
                    match={match}
                    companyId={companyId}
                    mayChange={mayChange}
                  />
                )}
              </Pages>
            </ul>
          )
        }
      </LiveList>
    </>
  );
}

function Counts({ companyId }: { readonly companyId: string }) {
  const variables = { companyId };
  const result = useLiveQuery({
    query: SetupCountsDocument,
    variables,
    refetchOn: ({ company, type }) => company.id === companyId && type !== 'STAGE_CHANGED',
    refetchMs: 2_000,
  });
  return (
    <QueryView result={result} what="The counts">
      {({ all, agreed, matched, needed }) => (
        <div className="flex flex-wrap items-start gap-x-8 gap-y-2">
          <Count value={all.totalCount} words="invoices known so far" />
          <Count value={agreed.totalCount} words="paired exactly, equal on both sides" />
          <Count value={matched.totalCount} words="customers, items and the like paired" />
          <Count value={needed.totalCount} words="of these need a person" />
          <span className="ml-auto flex items-center">
            <PanelGraphql query={SetupCountsDocument} variables={variables} />
          </span>
          {needed.totalCount > 0 && (
            <p className="w-full">
              <AppLink
                href={paths.company(companyId, { tab: 'references' })}
                className="underline underline-offset-4"
              >
                Pair them now
              </AppLink>
              <span className="text-ink-soft">, or later: invoices that name them wait.</span>
            </p>
          )}
        </div>
      )}
    </QueryView>
  );
}

function Count({ value, words }: { readonly value: number; readonly words: string }) {
  return (
    <p>
      <span data-figures className="block text-lg font-semibold">
        {formatCount(value)}
      </span>
      <span className="text-[0.8125rem] text-ink-soft">{words}</span>
    </p>
  );
}

type MatchProps = {
  readonly match: SetupMatchesQuery['matchSuggestions']['nodes'][number];
  readonly companyId: string;
  readonly mayChange: boolean;
};

function Match({ match, companyId, mayChange }: MatchProps) {
  const { internal, quickbooks, score, reason } = match;
  const [isLinked, setLinked] = useState(false);
  const { state, act, isActing } = useAct(LinkInvoicesDocument, ({ linkInvoices }) => linkInvoices);
  const link = async () => {
    const done = await act((idempotencyKey) => ({
      input: {
        companyId,
        internalId: internal.externalId,
        quickbooksId: quickbooks.externalId,
        note: 'Accepted as the same invoice while the company was set up.',
        idempotencyKey,
      },
    }));
    if (done !== null) setLinked(true);
  };
  return (
    <li className="grid gap-x-4 gap-y-1 border-b border-line px-4 py-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <Document look="text-internal" name="Internal" document={internal} />
      <Document look="text-quickbooks" name="QuickBooks" document={quickbooks} />
      <div>
        {isLinked ? (
          <span role="status">Linked.</span>
        ) : (
          <Button disabled={!mayChange || isActing} onClick={() => void link()}>
            {isActing ? 'Linking…' : 'Same invoice'}
          </Button>
        )}
      </div>
      <p className="text-[0.8125rem] text-ink-soft md:col-span-3">
        {formatShare(score)} alike. {readable(reason)}
      </p>
      <ActRefusal state={state} />
    </li>
  );
}

type DocumentProps = {
  readonly look: string;
  readonly name: string;
  readonly document: MatchSideFragment;
};

function Document({ look, name, document }: DocumentProps) {
  return (
    <p className="min-w-0">
      <span className={`text-xs ${look}`}>{name} </span>
      <span className="font-medium">{document.number ?? 'no number'}</span> {document.customer.name}
      , {formatDate(document.issueDate)}, <MoneyText value={document.total} />
    </p>
  );
}
