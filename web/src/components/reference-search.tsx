import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { KnownReferencesDocument } from '../graphql/generated/graphql.ts';
import type { ReferenceKind, Side } from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import { useRefetchWhileFailing } from '../graphql/use-live-query.ts';
import { sideLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { referenceKindLabels } from '../work-labels.ts';

type ReferenceSearchProps = {
  readonly companyId: string;
  readonly kind: ReferenceKind;
  /** The side a counterpart is looked for on. */
  readonly lacking: Side;
  readonly isDisabled: boolean;
  readonly onChoose: (counterpartId: string) => void;
};

const settleMs = 200;

/** Records offered at once. */
const foundMax = 8;

/** Looks for another record by its name among those the bridge knows, or takes its id as that side shows it. */
export function ReferenceSearch(props: ReferenceSearchProps) {
  const { kind, lacking } = props;
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <details>
      <summary className="text-[0.8125rem] text-ink-soft underline underline-offset-4">
        Another one
      </summary>
      <label className="mt-2 block text-[0.8125rem]">
        Name or id of a {referenceKindLabels[kind].toLowerCase()} in {sideLabels[lacking]}
        <input
          type="search"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="mt-1 block h-8 w-full max-w-sm rounded-md border border-line-strong bg-surface px-2.5"
        />
      </label>
      {asked !== '' && <Found {...props} text={asked} />}
    </details>
  );
}

type FoundProps = ReferenceSearchProps & { readonly text: string };

function Found({ companyId, kind, lacking, isDisabled, onChoose, text }: FoundProps) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: KnownReferencesDocument,
    variables: { companyId, kinds: [kind] },
    requestPolicy: 'cache-and-network',
  });
  const refetch = () => execute({ requestPolicy: 'network-only' });
  useRefetchWhileFailing({ refetch, error, isFetching: fetching });
  const known = (data?.references.nodes ?? [])
    .map((reference) =>
      lacking === 'QUICKBOOKS'
        ? { id: reference.quickbooksId, name: reference.quickbooksName }
        : { id: reference.internalId, name: reference.internalName },
    )
    .filter(({ id, name }) => id === text || name?.toLowerCase().includes(text.toLowerCase()))
    .slice(0, foundMax);
  return (
    <div className="mt-2 flex flex-col items-start gap-2" aria-busy={fetching}>
      {error !== undefined && (
        <p role="alert" className="text-you">
          The records could not be searched. {failureOf(error).sentence}
        </p>
      )}
      <ul className="flex flex-wrap gap-2">
        {known.map(
          ({ id, name }) =>
            id !== null && (
              <li key={id}>
                <Button disabled={isDisabled} onClick={() => onChoose(id)}>
                  Pair with “{name ?? id}”
                </Button>
              </li>
            ),
        )}
        {/^[\w:.-]{1,64}$/.test(text) && !known.some(({ id }) => id === text) && (
          <li>
            <Button disabled={isDisabled} onClick={() => onChoose(text)}>
              Pair with the one whose id is {text}
            </Button>
          </li>
        )}
      </ul>
      {data !== undefined && known.length === 0 && (
        <p className="text-[0.8125rem] text-ink-soft">
          None of that name is known to the bridge yet. Its id is shown in {sideLabels[lacking]}.
        </p>
      )}
    </div>
  );
}
