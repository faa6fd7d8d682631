import { useState } from 'react';
import { InvoiceAuditDocument } from '../graphql/generated/graphql.ts';
import type { InvoiceAuditQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDateTime } from '../format/date.ts';
import { auditActionLabels, sideLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { FieldValueText } from './values.tsx';

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
            <ol className="divide-y divide-line">
              {page.nodes.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
            {hasNextPage && !isMore && (
              <Button onClick={() => setMore(true)}>Show older entries</Button>
            )}
            {isMore && endCursor !== null && <AuditPage id={id} after={endCursor} />}
          </>
        );
      }}
    </QueryView>
  );
}

type AuditEntry = NonNullable<InvoiceAuditQuery['invoice']>['auditEntries']['nodes'][number];

const shownHashLength = 12;

function Entry({ entry }: { readonly entry: AuditEntry }) {
  return (
    <li className="py-3 first:pt-0">
      <p className="font-medium">{entry.summary}</p>
      {entry.changes.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5">
          {entry.changes.map((change) => (
            <ChangeRow key={`${change.side} ${change.path}`} change={change} />
          ))}
        </ul>
      )}
      {entry.note && <p className="mt-1">“{entry.note}”</p>}
      <p className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-ink-soft">
        <span>{auditActionLabels[entry.action]}</span>
        <span>{entry.actor.displayName}</span>
        <time dateTime={entry.at}>{formatDateTime(entry.at)}</time>
        <span>
          No. {entry.sequence} ·{' '}
          <code className="font-mono">{entry.hash.slice(0, shownHashLength)}</code>
        </span>
        <span className="break-all">
          Correlation <code className="font-mono">{entry.correlationId}</code>
        </span>
      </p>
    </li>
  );
}

function ChangeRow({ change }: { readonly change: AuditEntry['changes'][number] }) {
  return (
    <li className="text-[0.8125rem]">
      <span className="text-ink-soft">
        {change.label}
        {change.side && ` in ${sideLabels[change.side]}`}:
      </span>{' '}
      <FieldValueText value={change.before} /> <span aria-hidden="true">→</span>
      <span className="sr-only">becomes</span> <FieldValueText value={change.after} />
    </li>
  );
}
