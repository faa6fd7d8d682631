import { useState } from 'react';
import { CompanyReferencesDocument, MapReferenceDocument } from '../graphql/generated/graphql.ts';
import type {
  CompanyReferencesQueryVariables,
  CompanyReferencePartsFragment,
  ReferenceStatus,
} from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { referenceStatusLabels } from '../state-labels.ts';
import { referenceKindLabels } from '../work-labels.ts';
import type { StreamEvent } from '../stream/stream-store.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { LiveList, Pages } from './live-list.tsx';
import { useChangedIds } from './use-changed-ids.ts';
import { Absent } from './values.tsx';

const pageSize = 50;
const shownBy = {
  needed: ['AMBIGUOUS', 'MISSING'],
  matched: ['MATCHED'],
} as const satisfies Record<string, readonly ReferenceStatus[]>;

type ReferencesProps = { readonly companyId: string; readonly mayMap: boolean };

/** The stream names a reference by what happened to it. */
const changedReference = ({ summary, type }: StreamEvent) =>
  type === 'REFERENCE_CHANGED' ? summary : null;

/** What both sides call the same customer, item, tax code or terms; those that need a person first. */
export function CompanyReferences({ companyId, mayMap }: ReferencesProps) {
  const [shown, setShown] = useState<keyof typeof shownBy>('needed');
  const variables: CompanyReferencesQueryVariables = {
    companyId,
    first: pageSize,
    statuses: [...shownBy[shown]],
  };
  return (
    <ReferenceList
      key={shown}
      companyId={companyId}
      variables={variables}
      mayMap={mayMap}
      isNeeded={shown === 'needed'}
      onShow={() => setShown(shown === 'needed' ? 'matched' : 'needed')}
    />
  );
}

type ListProps = {
  readonly companyId: string;
  readonly variables: CompanyReferencesQueryVariables;
  readonly mayMap: boolean;
  readonly isNeeded: boolean;
  readonly onShow: () => void;
};

function ReferenceList({ companyId, variables, mayMap, isNeeded, onShow }: ListProps) {
  const asked = { query: CompanyReferencesDocument, variables };
  const result = useLiveQuery(asked);
  const changed = useChangedIds(companyId, changedReference);
  const total = result.data?.references.totalCount;
  return (
    <LiveList
      asked={asked}
      result={result}
      changed={changed}
      title={titleOf(total, isNeeded)}
      what="references"
      actions={
        <Button onClick={onShow}>
          {isNeeded ? 'Show the paired ones' : 'Show what is missing'}
        </Button>
      }
    >
      {({ references }) =>
        references.nodes.length === 0 ? (
          <Empty title={isNeeded ? 'Nothing waits to be paired.' : 'Nothing is paired yet.'}>
            {isNeeded
              ? 'Every customer, item, tax code and term that invoices name has its counterpart.'
              : 'Pairs appear as invoices name them.'}
          </Empty>
        ) : (
          <ul>
            <Pages
              asked={asked}
              page={references}
              pageOf={(data) => data.references}
              pageSize={pageSize}
              what="references"
            >
              {(reference) => (
                <ReferenceRow key={reference.id} reference={reference} mayMap={mayMap} />
              )}
            </Pages>
          </ul>
        )
      }
    </LiveList>
  );
}

type RowProps = { readonly reference: CompanyReferencePartsFragment; readonly mayMap: boolean };

function ReferenceRow({ reference, mayMap }: RowProps) {
  const { kind, status, internalName, internalId, quickbooksName, quickbooksId } = reference;
  const { label, tone, help } = referenceStatusLabels[status];
  const waiting = reference.waitingInvoiceCount;
  return (
    <li className="grid gap-x-4 gap-y-1 border-b border-line px-4 py-2 md:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_8rem]">
      <span className="text-ink-soft">{referenceKindLabels[kind]}</span>
      <span className="min-w-0">
        <span className="text-xs text-internal">Internal </span>
        {internalName ?? internalId ?? <Absent />}
      </span>
      <span className="min-w-0">
        <span className="text-xs text-quickbooks">QuickBooks </span>
        {quickbooksName ?? quickbooksId ?? <Absent />}
      </span>
      <span>
        <Chip tone={tone} help={help}>
          {label}
        </Chip>
      </span>
      {waiting > 0 && (
        <p className="text-[0.8125rem] text-you md:col-span-4">
          {formatCount(waiting)} {waiting === 1 ? 'invoice waits' : 'invoices wait'} for it.
        </p>
      )}
      {status !== 'MATCHED' && <Mapping reference={reference} mayMap={mayMap} />}
    </li>
  );
}

/** Picks a likely counterpart, names one by its id, or has the bridge make it. */
function Mapping({ reference, mayMap }: RowProps) {
  const { id, version, candidates, internalId } = reference;
  const [typed, setTyped] = useState('');
  const { state, act, isActing } = useAct(MapReferenceDocument, ({ mapReference }) => mapReference);
  const map = (counterpartId: string | null) =>
    void act((idempotencyKey) => ({
      input: { referenceId: id, expectedVersion: version, counterpartId, idempotencyKey },
    }));
  const there = internalId === null ? 'internal invoicing' : 'QuickBooks';
  const isOff = !mayMap || isActing;
  return (
    <div className="flex flex-col gap-2 md:col-span-4">
      <div className="flex flex-wrap items-center gap-2">
        {candidates.map((candidate) => {
          const counterpart = internalId === null ? candidate.internalId : candidate.quickbooksId;
          return (
            <Button
              key={counterpart ?? candidate.name}
              disabled={isOff || counterpart === null}
              onClick={() => map(counterpart)}
            >
              It is {candidate.name}
            </Button>
          );
        })}
        <Button disabled={isOff} onClick={() => map(null)}>
          Make it in {there}
        </Button>
        <form
          className="flex items-center gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            map(typed.trim());
          }}
        >
          <label className="text-[0.8125rem] text-ink-soft">
            <span className="sr-only">Id of the counterpart in {there}</span>
            <input
              value={typed}
              placeholder={`its id in ${there}`}
              disabled={isOff}
              onChange={({ target }) => setTyped(target.value)}
              className="h-8 w-44 rounded-md border border-line-strong/60 bg-surface px-2 text-ink"
            />
          </label>
          <Button type="submit" disabled={isOff || typed.trim() === ''}>
            Pair
          </Button>
        </form>
        {!mayMap && (
          <span className="text-[0.8125rem] text-ink-soft">Needs the right OPERATE.</span>
        )}
      </div>
      <ActRefusal state={state} />
    </div>
  );
}

function titleOf(total: number | undefined, isNeeded: boolean): string {
  if (total === undefined) return 'References';
  const count = total === 1 ? '1 reference' : `${formatCount(total)} references`;
  if (!isNeeded) return `${count} paired`;
  return `${count} that ${total === 1 ? 'needs' : 'need'} a person`;
}
