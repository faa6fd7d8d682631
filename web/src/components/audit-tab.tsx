import { useState } from 'react';
import { InvoiceAuditDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { AuditEntry } from './audit-entry.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';

/** Who did what to this invoice, newest first; every entry is part of the hash chain. */
export function AuditTab({ id }: { readonly id: string }) {
  return (
    <Panel
      title="Audit trail"
      actions={<PanelGraphql query={InvoiceAuditDocument} variables={{ id }} />}
    >
      <AuditPage id={id} after={null} />
    </Panel>
  );
}

type AuditPageProps = { readonly id: string; readonly after: string | null };

function AuditPage({ id, after }: AuditPageProps) {
  const [isMore, setMore] = useState(false);
  const result = useLiveQuery({
    query: InvoiceAuditDocument,
    variables: { id, after },
    refetchOn: ({ invoice }) => invoice?.id === id,
    refetchMs: 2_000,
  });
  return (
    <QueryView result={result} what="The audit trail">
      {({ invoice }) => {
        const page = invoice?.auditEntries;
        if (page === undefined || (page.nodes.length === 0 && after === null)) {
          return (
            <Empty title="No entries yet.">
              Every write and decision will stand here, for good.
            </Empty>
          );
        }
        const { endCursor, hasNextPage } = page.pageInfo;
        return (
          <>
            <ol className="-mx-4">
              {page.nodes.map((entry) => (
                <AuditEntry key={entry.id} entry={entry} />
              ))}
            </ol>
            {hasNextPage && !isMore && (
              <p className="-mx-4 border-t border-line px-4 pt-3">
                <Button onClick={() => setMore(true)}>Show older entries</Button>
              </p>
            )}
            {isMore && endCursor !== null && <AuditPage id={id} after={endCursor} />}
          </>
        );
      }}
    </QueryView>
  );
}
