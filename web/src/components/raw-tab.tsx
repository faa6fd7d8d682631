import { InvoiceRawDocument } from '../graphql/generated/graphql.ts';
import type { InvoiceRawQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { mayChangeInvoice } from '../stream/event-kinds.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Panel } from '../ui/panel.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { TimeText } from './values.tsx';

/** Both documents as each side sent them, for engineers. */
export function RawTab({ id }: { readonly id: string }) {
  const asked = { query: InvoiceRawDocument, variables: { id } };
  const result = useLiveQuery({ ...asked, refetchOn: mayChangeInvoice(id) });
  return (
    <Panel title="As each side has it" actions={<PanelGraphql {...asked} />}>
      <QueryView result={result} what="The documents">
        {({ invoice }) => (
          <div className="grid gap-4 lg:grid-cols-2">
            <Document side="Internal" look="text-internal" snapshot={invoice?.internal ?? null} />
            <Document
              side="QuickBooks"
              look="text-quickbooks"
              snapshot={invoice?.quickbooks ?? null}
            />
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

type Snapshot = NonNullable<NonNullable<InvoiceRawQuery['invoice']>['internal']>;

type DocumentProps = {
  readonly side: string;
  readonly look: string;
  readonly snapshot: Snapshot | null;
};

function Document({ side, look, snapshot }: DocumentProps) {
  const text = snapshot === null ? '' : JSON.stringify(snapshot.raw, null, 2);
  return (
    <section aria-label={side} className="min-w-0">
      <div className="flex min-h-8 items-center justify-between gap-2">
        <h3 className={`font-semibold ${look}`}>{side}</h3>
        {snapshot !== null && (
          <span className="flex items-center gap-1 text-xs text-ink-soft">
            id {snapshot.externalId} · version {snapshot.externalVersion} · read{' '}
            <TimeText instant={snapshot.capturedAt} />
            <CopyButton label={`Copy what ${side} holds`} text={text} />
          </span>
        )}
      </div>
      {snapshot === null ? (
        <p className="text-ink-soft">Nothing there.</p>
      ) : (
        <pre
          tabIndex={0}
          className="max-h-[36rem] overflow-auto rounded-md border border-line bg-paper p-3 font-mono text-xs"
        >
          {text}
        </pre>
      )}
    </section>
  );
}
