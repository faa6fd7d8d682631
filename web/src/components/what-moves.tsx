import type {
  CrossingDetailFragment,
  SyncStage,
  WritePartsFragment,
} from '../graphql/generated/graphql.ts';
import { hasEnded } from '../crossing/stages.ts';
import { FieldValueText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const shownMax = 8;

type Decision = NonNullable<CrossingDetailFragment['attempts']['nodes'][number]['decision']>;

/** The newest decision that writes; a look afterwards decides that nothing is left to write. */
function shownDecision(change: CrossingDetailFragment): Decision | undefined {
  const decisions = change.attempts.nodes.flatMap(({ decision }) => decision ?? []);
  const doesWrite = ({ quickbooksWrites, internalWrites }: Decision) =>
    quickbooksWrites.length + internalWrites.length > 0;
  return decisions.findLast(doesWrite) ?? decisions.at(-1);
}

/** Which values move, which way; from a decision, else from the paths that were written. */
export function WhatMoves({ change }: { readonly change: CrossingDetailFragment }) {
  const decision = shownDecision(change);
  const writes = [
    ...(decision?.quickbooksWrites ?? []).map((write) => ({ write, isToQuickbooks: true })),
    ...(decision?.internalWrites ?? []).map((write) => ({ write, isToQuickbooks: false })),
  ];
  if (writes.length === 0)
    return <ChangedPaths change={change} hasDecision={decision !== undefined} />;
  return (
    <>
      {decision?.explanation && <p className="mb-2">{readable(decision.explanation)}</p>}
      <ul className="flex flex-col gap-1">
        {writes.slice(0, shownMax).map(({ write, isToQuickbooks }) => (
          <WriteRow
            key={`${isToQuickbooks} ${write.path}`}
            write={write}
            isToQuickbooks={isToQuickbooks}
          />
        ))}
      </ul>
      {writes.length > shownMax && (
        <details className="mt-1">
          <summary className="text-ink-soft">{writes.length - shownMax} more</summary>
          <ul className="mt-1 flex flex-col gap-1">
            {writes.slice(shownMax).map(({ write, isToQuickbooks }) => (
              <WriteRow
                key={`${isToQuickbooks} ${write.path}`}
                write={write}
                isToQuickbooks={isToQuickbooks}
              />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

type ChangedPathsProps = { readonly change: CrossingDetailFragment; readonly hasDecision: boolean };

function ChangedPaths({ change, hasDecision }: ChangedPathsProps) {
  if (change.changedPaths.length > 0) {
    return <p>{`Written: ${change.changedPaths.join(', ')}.`}</p>;
  }
  return (
    <p className="text-ink-soft">
      {hasDecision ? 'Nothing moves: both sides already agree.' : undecided(change.stage)}
    </p>
  );
}

function undecided(stage: SyncStage): string {
  if (stage === 'HELD') return 'A person decides what moves.';
  if (hasEnded(stage)) return 'What it was about crossed with another change of this invoice.';
  return 'Not decided yet: both sides are looked at first.';
}

type WriteRowProps = { readonly write: WritePartsFragment; readonly isToQuickbooks: boolean };

function WriteRow({ write, isToQuickbooks }: WriteRowProps) {
  const [before, after] = isToQuickbooks
    ? [write.quickbooks, write.internal]
    : [write.internal, write.quickbooks];
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="text-ink-soft">{write.label}</span>
      <span className="text-ink-soft line-through decoration-line-strong">
        <FieldValueText value={before} />
      </span>
      <span aria-hidden="true">→</span>
      <span className="sr-only">becomes</span>
      <span className="font-medium">
        <FieldValueText value={after} />
      </span>
      <span className={`text-xs ${isToQuickbooks ? 'text-quickbooks' : 'text-internal'}`}>
        {isToQuickbooks ? 'in QuickBooks' : 'in internal'}
      </span>
    </li>
  );
}
