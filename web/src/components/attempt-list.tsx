import type { AttemptPartsFragment, FaultPartsFragment } from '../graphql/generated/graphql.ts';
import { formatDuration, formatTimeExact } from '../format/date.ts';
import {
  attemptOutcomeLabels,
  intentStateLabels,
  operationVerbs,
  sideLabels,
} from '../state-labels.ts';
import { Chip } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { readable } from '../format/sentence.ts';

type AttemptListProps = {
  readonly attempts: readonly AttemptPartsFragment[];
  /** Nothing more happens to the change by itself. */
  readonly isOver: boolean;
};

/** Every try with the writes it made; newest last, as it happened. */
export function AttemptList({ attempts, isOver }: AttemptListProps) {
  if (attempts.length === 0)
    return <p className="text-ink-soft">{isOver ? 'None of its own.' : 'Not tried yet.'}</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {attempts.map((attempt) => (
        <AttemptRow key={attempt.id} attempt={attempt} />
      ))}
    </ol>
  );
}

function AttemptRow({ attempt }: { readonly attempt: AttemptPartsFragment }) {
  const { number, outcome, startedAt, endedAt, fault, decision, intents, nextAttemptAt } = attempt;
  const spentMs = endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">Try {number}</span>
        {outcome === null ? (
          <Chip tone="moving">Running</Chip>
        ) : (
          <Chip tone={attemptOutcomeLabels[outcome].tone} help={attemptOutcomeLabels[outcome].help}>
            {attemptOutcomeLabels[outcome].label}
          </Chip>
        )}
        <span className="text-xs text-ink-soft">
          {formatTimeExact(startedAt)}
          {spentMs !== null && ` · ${formatDuration(spentMs)}`}
          {nextAttemptAt && ` · next try ${formatTimeExact(nextAttemptAt)}`}
        </span>
      </p>
      {decision?.explanation && <p className="mt-1">{readable(decision.explanation)}</p>}
      {fault && <Fault fault={fault} />}
      {intents.length > 0 && (
        <ul className="mt-1.5 flex flex-col gap-1.5">
          {intents.map((intent) => (
            <IntentRow key={intent.id} intent={intent} />
          ))}
        </ul>
      )}
    </li>
  );
}

type Intent = AttemptPartsFragment['intents'][number];

function IntentRow({ intent }: { readonly intent: Intent }) {
  const { label, tone, help } = intentStateLabels[intent.state];
  const ofSide = intent.side === 'QUICKBOOKS' ? 'text-quickbooks' : 'text-internal';
  return (
    <li className="rounded-md bg-raised px-2.5 py-2 text-[0.8125rem]">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{`${operationVerbs[intent.operation]} ${intent.objectKind}`}</span>
        <span className={ofSide}>in {sideLabels[intent.side]}</span>
        <Chip tone={tone} help={help}>
          {label}
        </Chip>
        {intent.httpStatus !== null && (
          <span className="text-ink-soft">HTTP {intent.httpStatus}</span>
        )}
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-xs text-ink-soft">
        <span className="min-w-0 break-all">
          Request <code className="font-mono">{intent.requestId}</code>
        </span>
        <CopyButton label="Copy request id" text={intent.requestId} />
        {intent.sentAt.length > 0 && (
          <span>sent {intent.sentAt.map((at) => formatTimeExact(at)).join(', ')}</span>
        )}
        {intent.quickbooksTraceId && (
          <span className="break-all">
            Intuit trace <code className="font-mono">{intent.quickbooksTraceId}</code>
          </span>
        )}
      </p>
      {intent.evidence && <p className="mt-0.5">{intent.evidence}</p>}
      {intent.fault && <Fault fault={intent.fault} />}
      <Payload name="What was sent" value={intent.request} hash={intent.payloadHash} />
      <Payload name="What was answered" value={intent.response} />
    </li>
  );
}

type PayloadProps = { readonly name: string; readonly value: unknown; readonly hash?: string };

/** Folded: the sentences above say what it means; the bytes are for engineers. Secrets were taken out by the server. */
function Payload({ name, value, hash }: PayloadProps) {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value, null, 2);
  return (
    <details className="mt-1">
      <summary className="w-fit text-xs font-medium text-ink-soft">{name}</summary>
      <div className="mt-1 flex items-start gap-1">
        <pre
          tabIndex={0}
          className="max-h-72 min-w-0 flex-1 overflow-auto rounded border border-line bg-surface p-2 font-mono text-xs"
        >
          {text}
        </pre>
        <CopyButton label={`Copy ${name.toLowerCase()}`} text={text} />
      </div>
      {hash !== undefined && (
        <p className="text-xs break-all text-ink-soft">
          SHA-256 of the exact bytes <code className="font-mono">{hash}</code>
        </p>
      )}
    </details>
  );
}

/** What QuickBooks says in our words, then in its own. */
function Fault({ fault }: { readonly fault: FaultPartsFragment }) {
  return (
    <div className="mt-1.5 border-l-2 border-you pl-2.5">
      <p>{readable(fault.explanation)}</p>
      <p className="text-xs text-ink-soft">
        QuickBooks {fault.code}: {fault.message}
        {fault.detail && ` (${fault.detail})`}
      </p>
    </div>
  );
}
