import { useState } from 'react';
import type { ReactNode } from 'react';
import { DeadLetterSupportDocument } from '../graphql/generated/graphql.ts';
import type { DeadLetterSupportQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDateTime } from '../format/date.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { QueryView } from './query-view.tsx';
import { readable } from '../format/sentence.ts';

/** The original words, for whoever talks to support: folded, since the plain ones stand above. */
export function FaultDetails({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="rounded-lg border border-line bg-surface px-4 py-3 shadow-panel"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="text-[0.8125rem] font-semibold">
        What QuickBooks said, for support
      </summary>
      {isOpen && <Support id={id} />}
    </details>
  );
}

function Support({ id }: { readonly id: string }) {
  const result = useLiveQuery({ query: DeadLetterSupportDocument, variables: { id } });
  return (
    <QueryView result={result} what="What was said" skeleton={<Skeleton what="it" rows={3} />}>
      {({ deadLetter }) => deadLetter && <Facts letter={deadLetter} />}
    </QueryView>
  );
}

type Letter = NonNullable<DeadLetterSupportQuery['deadLetter']>;

function Facts({ letter }: { readonly letter: Letter }) {
  const { fault, event } = letter;
  const attempts = event.attempts.nodes;
  const last = attempts.at(-1);
  const intent = last?.intents.at(-1);
  const trace = attempts
    .flatMap(({ intents }) => intents.map(({ quickbooksTraceId }) => quickbooksTraceId))
    .findLast((id) => id !== null);
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
      {fault === null ? (
        <Fact name="Fault">QuickBooks said nothing: the bridge stopped before it asked.</Fact>
      ) : (
        <>
          <Fact name="Code">{fault.code}</Fact>
          <Fact name="Message">{fault.message}</Fact>
          {fault.detail !== null && <Fact name="Detail">{fault.detail}</Fact>}
          {fault.path !== null && <Fact name="Element">{fault.path}</Fact>}
          <Fact name="In plain words">{readable(fault.explanation)}</Fact>
        </>
      )}
      {trace != null && <Id name="Intuit trace id" value={trace} />}
      {intent !== undefined && <Id name="Request id" value={intent.requestId} />}
      <Id name="Correlation id" value={event.correlationId} />
      {last !== undefined && (
        <Fact name="Last try">
          No. {last.number}, {formatDateTime(last.startedAt)}
        </Fact>
      )}
    </dl>
  );
}

type FactProps = { readonly name: string; readonly children: ReactNode };

function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="break-words">{children}</dd>
    </>
  );
}

function Id({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <Fact name={name}>
      <span className="inline-flex flex-wrap items-center gap-1">
        <code className="font-mono text-xs break-all">{value}</code>
        <CopyButton label={`Copy ${name.toLowerCase()}`} text={value} />
      </span>
    </Fact>
  );
}
