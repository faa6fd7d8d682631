import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { MapReferenceDocument, WaitingReferencesDocument } from '../graphql/generated/graphql.ts';
import type { ReferenceKind, ReferencePartsFragment } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { sideLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { referenceKindLabels } from '../work-labels.ts';
import { QueryView } from './query-view.tsx';
import { ReferenceSearch } from './reference-search.tsx';
import { useWhyNot } from './use-right.ts';

type Side = keyof typeof sideLabels;

/** Kinds the bridge can make on a side (core/mapping/reference.ts); the API has the last word. */
const makeable: Record<Side, readonly ReferenceKind[]> = {
  QUICKBOOKS: ['CUSTOMER', 'ITEM', 'TERMS'],
  INTERNAL: ['CUSTOMER', 'ITEM'],
};

/** Which side lacks a counterpart, and what the record is called where it is. */
function lackOf({ internalId, internalName, quickbooksId, quickbooksName }: Named) {
  return internalId === null
    ? { lacking: 'INTERNAL' as const, name: quickbooksName ?? quickbooksId ?? 'a record' }
    : { lacking: 'QUICKBOOKS' as const, name: internalName ?? internalId };
}

type Named = Pick<
  ReferencePartsFragment,
  'internalId' | 'internalName' | 'quickbooksId' | 'quickbooksName'
>;

type MissingReferencesProps = {
  readonly companyId: string;
  /** What the bridge said when it stopped; it names what is missing. */
  readonly explanation: string;
};

/** The records an invoice waits for, each paired or made on the spot; what waited then goes on by itself. */
export function MissingReferences({ companyId, explanation }: MissingReferencesProps) {
  const result = useLiveQuery({
    query: WaitingReferencesDocument,
    variables: { companyId },
    refetchOn: ({ detail }) =>
      detail.__typename === 'Reference' || detail.__typename === 'DeadLetter',
    refetchMs: 500,
  });
  return (
    <QueryView
      result={result}
      what="The records it waits for"
      skeleton={<Skeleton what="the records it waits for" rows={2} />}
    >
      {({ references }) => <Waiting references={namedIn(explanation, references.nodes)} />}
    </QueryView>
  );
}

/** Payment methods without a counterpart: no payment waits for one, so nothing else shows them (decisions/0004). */
export function UnpairedMethods({ companyId }: Pick<MissingReferencesProps, 'companyId'>) {
  const result = useLiveQuery({
    query: WaitingReferencesDocument,
    variables: { companyId },
    refetchOn: ({ detail }) => detail.__typename === 'Reference',
    refetchMs: 500,
  });
  return (
    <QueryView result={result} what="Payment methods without a counterpart" skeleton={<p hidden />}>
      {({ references: { nodes } }) => {
        const methods = nodes.filter(({ kind }) => kind === 'PAYMENT_METHOD');
        if (methods.length === 0) return null;
        return (
          <ul
            aria-label="Payment methods without a counterpart"
            className="mt-4 flex flex-col gap-3"
          >
            {methods.map((method) => (
              <li key={method.id} className="rounded-md border border-line bg-raised/50 p-3">
                <MissingReference reference={method} />
              </li>
            ))}
          </ul>
        );
      }}
    </QueryView>
  );
}

/** Those that the explanation names; all that invoices wait for, where it names none of them. */
function namedIn(
  explanation: string,
  references: readonly ReferencePartsFragment[],
): readonly ReferencePartsFragment[] {
  const waiting = references.filter(({ waitingInvoiceCount }) => waitingInvoiceCount > 0);
  const named = waiting.filter((one) => explanation.includes(`“${lackOf(one).name}”`));
  return named.length > 0 ? named : waiting;
}

function Waiting({ references }: { readonly references: readonly ReferencePartsFragment[] }) {
  if (references.length === 0)
    return <p role="status">Everything it waited for has a counterpart; it goes on by itself.</p>;
  return (
    <ul aria-label="Records it waits for" className="flex flex-col gap-3">
      {references.map((reference) => (
        <li key={reference.id} className="rounded-md border border-line bg-raised/50 p-3">
          <MissingReference reference={reference} />
        </li>
      ))}
    </ul>
  );
}

type PairState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'asked'; readonly sentence: string }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Pairs a reference as it was looked at; null as counterpart has the bridge make one. */
function usePairing({ id, version }: ReferencePartsFragment) {
  const [state, setState] = useState<PairState>({ kind: 'idle' });
  const [, execute] = useMutation(MapReferenceDocument);
  const keys = useRef(createRequestKeys());
  const pair = async (counterpartId: string | null) => {
    const asked = { referenceId: id, expectedVersion: version, counterpartId };
    setState({ kind: 'asking' });
    const { data, error } = await execute({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    const answer = data?.mapReference;
    if (error === undefined && answer?.__typename === 'MapReferenceSuccess') {
      const sentence =
        counterpartId === null
          ? 'It is made with the next try; what waited for it goes on by itself.'
          : 'Paired. It is looked at once, then what waited for it goes on by itself.';
      return setState({ kind: 'asked', sentence });
    }
    const sentence = refusalSentence('Nothing was paired.', { data: answer, error });
    return setState({ kind: 'refused', sentence });
  };
  return { state, pair: (counterpartId: string | null) => void pair(counterpartId) };
}

function MissingReference({ reference }: { readonly reference: ReferencePartsFragment }) {
  const { kind, status, waitingInvoiceCount, candidates, company } = reference;
  const { lacking, name } = lackOf(reference);
  const { state, pair } = usePairing(reference);
  const whyNot = useWhyNot('OPERATE');
  const isDisabled = whyNot !== null || state.kind === 'asking' || state.kind === 'asked';
  if (status === 'MATCHED') return <Paired reference={reference} />;
  return (
    <div className="flex flex-col gap-2">
      <p>
        <span className="font-medium">
          {referenceKindLabels[kind]} “{name}”
        </span>{' '}
        {status === 'AMBIGUOUS'
          ? `could be one of several in ${sideLabels[lacking]}.`
          : `has no counterpart in ${sideLabels[lacking]}.`}{' '}
        <span className="text-ink-soft">{waitingWords(kind, waitingInvoiceCount)}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        {candidates.map((candidate) => {
          const id = lacking === 'QUICKBOOKS' ? candidate.quickbooksId : candidate.internalId;
          return (
            id !== null && (
              <Button key={id} disabled={isDisabled} onClick={() => pair(id)}>
                Pair with “{candidate.name}” <span className="text-ink-soft">({id})</span>
              </Button>
            )
          );
        })}
        {makeable[lacking].includes(kind) && (
          <Button disabled={isDisabled} onClick={() => pair(null)}>
            Make “{name}” in {sideLabels[lacking]}
          </Button>
        )}
      </div>
      <ReferenceSearch
        companyId={company.id}
        kind={kind}
        lacking={lacking}
        isDisabled={isDisabled}
        onChoose={pair}
      />
      {whyNot !== null && <p className="text-[0.8125rem] text-ink-soft">{whyNot}</p>}
      <div role="status">{state.kind === 'asked' && <p>{state.sentence}</p>}</div>
      {state.kind === 'refused' && (
        <p role="alert" className="rounded-md bg-you-soft px-3 py-2">
          {state.sentence}
        </p>
      )}
    </div>
  );
}

function waitingWords(kind: ReferenceKind, count: number): string {
  if (kind === 'PAYMENT_METHOD') return 'Payments cross without it until it is paired.';
  return count === 1 ? '1 invoice waits for it.' : `${formatCount(count)} invoices wait for it.`;
}

function Paired({ reference }: { readonly reference: ReferencePartsFragment }) {
  const { kind, internalName, internalId, quickbooksName, quickbooksId } = reference;
  return (
    <p role="status" className="flex flex-wrap items-center gap-2">
      <Chip tone="done">Paired</Chip>
      <span>
        {referenceKindLabels[kind]} “{internalName ?? internalId}” stands for “
        {quickbooksName ?? quickbooksId}” in QuickBooks. What waited for it goes on by itself.
      </span>
    </p>
  );
}
