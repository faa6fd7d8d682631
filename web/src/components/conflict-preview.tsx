import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { failureOf } from '../graphql/failure.ts';
import { useRefetchWhileFailing } from '../graphql/use-live-query.ts';
import { ConflictPreviewDocument } from '../graphql/generated/graphql.ts';
import type {
  ConflictPreviewQuery,
  FieldChoiceInput,
  FieldValuePartsFragment,
} from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { FieldValueText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const settleMs = 150;

/** The value once it has held still, so that keys in quick succession ask once. */
function useSettled<Value>(value: Value, text: string): Value {
  const [settled, setSettled] = useState({ value, text });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ value, text }), settleMs);
    return () => clearTimeout(timer);
    // The text stands for the value: an equal list made anew is not a change.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return settled.value;
}

type PreviewProps = {
  readonly id: string;
  readonly choices: FieldChoiceInput[];
  /** False while fields wait for a choice: what is still missing is no alarm then. */
  readonly isComplete: boolean;
};

/** The exact writes these choices would make, asked of the engine itself. Mount it under the conflict's version. */
export function ConflictPreview({ id, choices, isComplete }: PreviewProps) {
  const asked = useSettled(choices, JSON.stringify(choices));
  const [{ data, error, fetching }, execute] = useQuery({
    query: ConflictPreviewDocument,
    variables: { id, choices: asked },
    requestPolicy: 'network-only',
  });
  const refetch = () => execute({ requestPolicy: 'network-only' });
  useRefetchWhileFailing({ refetch, error, isFetching: fetching });
  if (error) {
    return (
      <p role="alert" className="flex flex-wrap items-center gap-2 text-you">
        What would be written could not be worked out. {failureOf(error).sentence}
        <Button onClick={refetch}>Try again</Button>
      </p>
    );
  }
  if (!data) return <p className="late text-ink-soft">Working out what would be written…</p>;
  return <Writes preview={data.previewResolution} isStale={fetching} isComplete={isComplete} />;
}

type Preview = ConflictPreviewQuery['previewResolution'];

type WritesProps = {
  readonly preview: Preview;
  readonly isStale: boolean;
  readonly isComplete: boolean;
};

function Writes({ preview, isStale, isComplete }: WritesProps) {
  const { internalWrites, quickbooksWrites, problems, result } = preview;
  const isNothing = internalWrites.length === 0 && quickbooksWrites.length === 0;
  return (
    <div aria-busy={isStale} data-preview className={isStale ? 'opacity-60' : ''}>
      <h2 className="text-[0.8125rem] font-semibold">Will write</h2>
      <ul className="mt-1 flex flex-col gap-1">
        <Side
          name="Internal"
          arrow="←"
          look="text-internal"
          writes={internalWrites.map((write) => ({ ...write, value: write.quickbooks }))}
        />
        <Side
          name="QuickBooks"
          arrow="←"
          look="text-quickbooks"
          writes={quickbooksWrites.map((write) => ({ ...write, value: write.internal }))}
        />
        {isNothing && <li className="text-ink-soft">Nothing yet.</li>}
      </ul>
      <p className="mt-1 text-ink-soft">
        Total on both sides afterwards: <MoneyText value={result.total} />
      </p>
      {problems.length > 0 && (
        <ul className={`mt-2 rounded-md p-2 ${isComplete ? 'bg-you-soft' : 'bg-raised'}`}>
          {problems.map((problem) => (
            <li key={problem}>{readable(problem)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

type SideProps = {
  readonly name: string;
  readonly arrow: string;
  readonly look: string;
  readonly writes: readonly {
    readonly path: string;
    readonly label: string;
    readonly value: FieldValuePartsFragment | null;
  }[];
};

function Side({ name, arrow, look, writes }: SideProps) {
  if (writes.length === 0) return null;
  return (
    <li className="flex flex-wrap gap-x-2">
      <span className={`font-medium ${look}`}>
        {name} <span aria-hidden="true">{arrow}</span>
        <span className="sr-only">gets</span>
      </span>
      {writes.map(({ path, label, value }) => (
        <span key={path}>
          {label} <FieldValueText value={value} />
        </span>
      ))}
    </li>
  );
}
