import type { ReactNode } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { QueryView } from '../components/query-view.tsx';
import { TimeText } from '../components/values.tsx';
import { formatCount } from '../format/money.ts';
import type { LastErrorsQuery } from '../graphql/generated/graphql.ts';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { readable } from '../format/sentence.ts';

type LastErrorsProps = {
  readonly result: LiveQuery<LastErrorsQuery>;
  readonly actions: ReactNode;
};

/** What stopped, by cause, with the correlation id that its log lines and traces carry. */
export function LastErrorsPanel({ result, actions }: LastErrorsProps) {
  return (
    <Panel title="Last errors, by cause" actions={actions}>
      <QueryView result={result} what="The last errors">
        {({ deadLetterGroups }) =>
          deadLetterGroups.length === 0 ? (
            <Empty title="Nothing has stopped for good.">
              What fails for a moment is tried again by itself and does not show here.
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {deadLetterGroups.map((group) => (
                <ErrorGroup key={group.fingerprint} group={group} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

type GroupProps = { readonly group: LastErrorsQuery['deadLetterGroups'][number] };

function ErrorGroup({ group: { title, count, firstDiedAt, lastDiedAt, example } }: GroupProps) {
  const { correlationId } = example.event;
  return (
    <li className="flex flex-col gap-1 py-3 first:pt-0 last:pb-0">
      <p className="flex flex-wrap items-center justify-between gap-x-4">
        <AppLink
          href={paths.deadLetter(example.id)}
          className="font-medium underline-offset-4 hover:underline"
        >
          {title}
        </AppLink>
        <span className="text-ink-soft">
          {formatCount(count)} · <TimeText instant={firstDiedAt} /> to{' '}
          <TimeText instant={lastDiedAt} />
        </span>
      </p>
      <p className="max-w-prose text-ink-soft">{readable(example.explanation)}</p>
      <p className="flex flex-wrap items-center gap-x-3 text-xs">
        Correlation id
        <code className="font-mono break-all">{correlationId}</code>
        <CopyButton label="Copy correlation id" text={correlationId} />
        <AppLink
          href={paths.audit({ correlation: correlationId })}
          className="underline underline-offset-4"
        >
          In the audit trail
        </AppLink>
      </p>
    </li>
  );
}
