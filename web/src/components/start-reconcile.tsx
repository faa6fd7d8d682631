import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { CompaniesDocument, StartReconcileDocument } from '../graphql/generated/graphql.ts';
import type { CompaniesQuery, ReconcileScope } from '../graphql/generated/graphql.ts';
import { refusalSentence } from '../graphql/refusal.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { reconcileScopeLabels } from '../work-labels.ts';
import { useCompanyId, useGo } from './app-link.tsx';
import { QueryView } from './query-view.tsx';
import { useWhyNot } from './use-right.ts';

/** Starts a run of the company in view, and goes on to watch it. */
export function StartReconcile() {
  const result = useLiveQuery({ query: CompaniesDocument, variables: {} });
  return (
    <Panel title="Compare both sides now">
      <QueryView
        result={result}
        what="The companies"
        skeleton={<Skeleton what="companies" rows={2} />}
      >
        {({ companies }) =>
          companies.nodes.length === 0 ? (
            <p>Connect a company first; then both sides can be compared.</p>
          ) : (
            <StartForm companies={companies.nodes} />
          )
        }
      </QueryView>
    </Panel>
  );
}

const scopes: readonly ReconcileScope[] = ['FULL', 'INCREMENTAL', 'WINDOW'];
const field = 'h-8 rounded-md border border-line-strong bg-surface px-2';

type Wish = {
  readonly companyId: string;
  readonly scope: ReconcileScope;
  readonly from: string | null;
  readonly to: string | null;
};

function useStart() {
  const go = useGo();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [{ fetching }, execute] = useMutation(StartReconcileDocument);
  const keys = useRef(createRequestKeys());
  const start = async (wish: Wish) => {
    const { data, error } = await execute({
      input: { ...wish, idempotencyKey: keys.current(wish) },
    });
    const answer = data?.startReconcile;
    if (error === undefined && answer?.__typename === 'StartReconcileSuccess')
      return go(paths.reconcileRun(answer.reconcileRun.id));
    return setRefusal(refusalSentence('Nothing was started.', { data: answer, error }));
  };
  return { refusal, fetching, start: (wish: Wish) => void start(wish) };
}

type StartFormProps = { readonly companies: CompaniesQuery['companies']['nodes'] };

function StartForm({ companies }: StartFormProps) {
  const inView = useCompanyId();
  const [companyId, setCompanyId] = useState(inView ?? companies[0]?.id ?? '');
  const [scope, setScope] = useState<ReconcileScope>('FULL');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { refusal, fetching, start } = useStart();
  const whyNot = useWhyNot('OPERATE');
  const isWindow = scope === 'WINDOW';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start({
          companyId,
          scope,
          from: isWindow && from !== '' ? from : null,
          to: isWindow && to !== '' ? to : null,
        });
      }}
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        {companies.length > 1 && inView === undefined && (
          <CompanyField companies={companies} value={companyId} onChange={setCompanyId} />
        )}
        <Labelled label="What">
          <select
            value={scope}
            onChange={(event) =>
              setScope(scopes.find((one) => one === event.target.value) ?? 'FULL')
            }
            className={field}
          >
            {scopes.map((one) => (
              <option key={one} value={one}>
                {reconcileScopeLabels[one]}
              </option>
            ))}
          </select>
        </Labelled>
        {isWindow && <WindowFields from={from} to={to} onFrom={setFrom} onTo={setTo} />}
        <Button
          type="submit"
          kind="strong"
          disabled={fetching || whyNot !== null}
          title={whyNot ?? undefined}
        >
          {fetching ? 'Starting…' : 'Reconcile now'}
        </Button>
      </div>
      {whyNot !== null && <p className="mt-2 text-ink-soft">{whyNot}</p>}
      {refusal !== null && (
        <p role="alert" className="mt-3 rounded-md bg-you-soft px-3 py-2">
          {refusal}
        </p>
      )}
    </form>
  );
}

type CompanyFieldProps = StartFormProps & {
  readonly value: string;
  readonly onChange: (companyId: string) => void;
};

function CompanyField({ companies, value, onChange }: CompanyFieldProps) {
  return (
    <Labelled label="Company">
      <select value={value} onChange={(event) => onChange(event.target.value)} className={field}>
        {companies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

type WindowFieldsProps = {
  readonly from: string;
  readonly to: string;
  readonly onFrom: (date: string) => void;
  readonly onTo: (date: string) => void;
};

function WindowFields({ from, to, onFrom, onTo }: WindowFieldsProps) {
  return (
    <>
      <Labelled label="First issue date">
        <input
          type="date"
          required
          value={from}
          onChange={(event) => onFrom(event.target.value)}
          className={field}
        />
      </Labelled>
      <Labelled label="Last issue date">
        <input
          type="date"
          required
          min={from}
          value={to}
          onChange={(event) => onTo(event.target.value)}
          className={field}
        />
      </Labelled>
    </>
  );
}

type LabelledProps = { readonly label: string; readonly children: ReactNode };

function Labelled({ label, children }: LabelledProps) {
  return (
    <label className="flex flex-col gap-1 text-[0.8125rem] text-ink-soft">
      {label}
      {children}
    </label>
  );
}
