import { Check } from 'lucide-react';
import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { OverviewProofDocument, ReconcileNowDocument } from '../graphql/generated/graphql.ts';
import type { OverviewProofQuery, ProofRunFragment } from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatCount, formatMoney, formatShare } from '../format/money.ts';
import { paths } from '../paths.ts';
import { isEqual, isExplained, proofsOf } from '../proof.ts';
import type { CompanyProof } from '../proof.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink, useCompanyId } from './app-link.tsx';
import { useCompanies } from './company-switch.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { AgoText } from './values.tsx';

type ProofPanelProps = { readonly companyIds: string[] | null };

/** The accountant's proof: the same money on both sides, currency by currency, or what explains the difference. */
export function ProofPanel({ companyIds }: ProofPanelProps) {
  const asked = { query: OverviewProofDocument, variables: { companyIds } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ type }) => type === 'RECONCILE_CHANGED' || type === 'COMPANY_CHANGED',
    refetchMs: 1_000,
  });
  const companies = useCompanies();
  const skeleton = <Skeleton what="the proof" rows={3} rowClass="h-10" />;
  return (
    <Panel title="Proof" actions={<PanelGraphql {...asked} />} className="lg:min-h-64">
      <QueryView result={result} what="The proof" skeleton={skeleton}>
        {(proof) => (
          <QueryView result={companies} what="The list of companies" skeleton={skeleton}>
            {(listed) => (
              <Proofs proof={proof} companies={listed.companies.nodes} onStarted={result.retry} />
            )}
          </QueryView>
        )}
      </QueryView>
    </Panel>
  );
}

type ProofsProps = {
  readonly proof: OverviewProofQuery;
  readonly companies: readonly { readonly id: string; readonly name: string }[];
  readonly onStarted: () => void;
};

function Proofs({ proof: { reconcileRuns, viewer }, companies, onStarted }: ProofsProps) {
  const companyId = useCompanyId();
  const shown = companies.filter(({ id }) => companyId === undefined || id === companyId);
  if (shown.length === 0) return <NoCompany />;
  return (
    <ul className="flex max-h-80 flex-col gap-4 overflow-y-auto">
      {proofsOf(shown, reconcileRuns.nodes).map((proof) => (
        <ProofRow
          key={proof.companyId}
          proof={proof}
          isNamed={shown.length > 1}
          mayReconcile={viewer.scopes.includes('OPERATE')}
          onStarted={onStarted}
        />
      ))}
    </ul>
  );
}

/** Before the first company there is nothing to count, and one thing to do. */
function NoCompany() {
  return (
    <div className="flex h-full flex-col justify-center gap-1 lg:items-center lg:pb-6 lg:text-center">
      <p className="font-medium lg:text-base">No company is connected yet.</p>
      <p className="max-w-72 text-ink-soft">
        A company pairs your internal books with one QuickBooks company.
      </p>
      <AppLink href={paths.newCompany()} className="mt-1 font-medium underline underline-offset-4">
        Connect a company
      </AppLink>
    </div>
  );
}

type ProofRowProps = {
  readonly proof: CompanyProof;
  readonly isNamed: boolean;
  readonly mayReconcile: boolean;
  readonly onStarted: () => void;
};

function ProofRow({ proof, isNamed, mayReconcile, onStarted }: ProofRowProps) {
  const { counted, companyName } = proof;
  return (
    <li className="flex flex-col gap-2">
      {isNamed && <h3 className="font-medium">{companyName}</h3>}
      {counted === null ? (
        <p className="text-ink-soft">
          Not counted yet. A reconcile reads every invoice of both books and adds them up.
        </p>
      ) : (
        <Counted run={counted} equalAt={proof.equalAt} />
      )}
      <ReconcileNow proof={proof} mayReconcile={mayReconcile} onStarted={onStarted} />
    </li>
  );
}

type CountedProps = { readonly run: ProofRunFragment; readonly equalAt: string | null };

function Counted({ run, equalAt }: CountedProps) {
  const { controlTotals, residual, finishedAt, compared } = run;
  const equal = isEqual(run);
  const proven = equal || isExplained(run);
  return (
    <>
      <p className={proven ? '' : 'text-you'}>
        {proven && <Check aria-hidden="true" className="mr-1 inline size-4" strokeWidth={2.5} />}
        <span className="font-medium">
          {equal ? 'Totals equal' : proven ? 'Difference explained to the cent' : 'Totals differ'}
        </span>
        <span className="text-ink-soft">
          {finishedAt && (
            <>
              , counted <AgoText instant={finishedAt} />
            </>
          )}{' '}
          over {formatCount(compared)} invoices
        </span>
      </p>
      <TotalsTable totals={controlTotals} />
      {!equal && (
        <ul className="text-[0.8125rem] text-ink-soft">
          {residual.map(({ reason, amount, invoiceCount }) => (
            <li key={`${reason} ${amount.currency}`}>
              {formatMoney(amount)}: {reason} ({formatCount(invoiceCount)})
            </li>
          ))}
          <li>
            {equalAt === null ? (
              'Not found equal in the runs on record.'
            ) : (
              <>
                Last equal <AgoText instant={equalAt} />
              </>
            )}
          </li>
        </ul>
      )}
    </>
  );
}

function TotalsTable({ totals }: { readonly totals: ProofRunFragment['controlTotals'] }) {
  return (
    <table className="w-full">
      <caption className="sr-only">Control totals by currency</caption>
      <thead className="text-xs text-ink-soft">
        <tr>
          <th scope="col" className="sr-only">
            Currency
          </th>
          <th scope="col" className="pb-0.5 text-left font-medium text-internal">
            Internal
          </th>
          <th scope="col" className="sr-only">
            Comparison
          </th>
          <th scope="col" className="pb-0.5 text-right font-medium text-quickbooks">
            QuickBooks
          </th>
        </tr>
      </thead>
      <tbody data-figures>
        {totals.map(({ currency, internalTotal, quickbooksTotal, difference }) => (
          <tr key={currency} className="font-medium">
            <th scope="row" className="sr-only">
              {currency}
            </th>
            <td>{formatMoney(internalTotal)}</td>
            <td className="px-1 text-center text-ink-soft">
              {isZeroDecimal(difference.amount) ? (
                <>
                  <span aria-hidden="true">=</span>
                  <span className="sr-only">equal to</span>
                </>
              ) : (
                <span>{formatMoney(difference)} apart</span>
              )}
            </td>
            <td className="text-right">{formatMoney(quickbooksTotal)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type ReconcileNowProps = Omit<ProofRowProps, 'isNamed'>;

/** Starts a full count; the run then tells by itself how far it is. */
function ReconcileNow({ proof, mayReconcile, onStarted }: ReconcileNowProps) {
  const { companyId, companyName, running } = proof;
  const [, execute] = useMutation(ReconcileNowDocument);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const keys = useRef(createRequestKeys());
  const start = async () => {
    setAsking(true);
    const key = keys.current({ companyId, after: proof.newestId });
    const { data, error } = await execute({
      input: { companyId, scope: 'FULL', idempotencyKey: key },
    });
    setAsking(false);
    const answer = data?.startReconcile;
    if (error) return setProblem(`It was not started. ${failureOf(error).sentence}`);
    setProblem(answer?.__typename === 'StartReconcileSuccess' ? null : (answer?.message ?? null));
    return onStarted();
  };
  const refusal = !mayReconcile
    ? 'Starting a reconcile needs the right to operate.'
    : isOffline
      ? 'You are offline.'
      : undefined;
  return (
    <div>
      <Button
        onClick={() => void start()}
        disabled={refusal !== undefined || isAsking || running !== null}
        title={refusal}
        className="min-w-36 justify-center"
      >
        {running === null ? (isAsking ? 'Starting…' : 'Reconcile now') : runningWords(running)}
        <span className="sr-only">{companyName}</span>
      </Button>
      {problem !== null && (
        <p role="alert" className="mt-1 text-[0.8125rem] text-you">
          {problem}
        </p>
      )}
    </div>
  );
}

const runningWords = ({ status, progress }: ProofRunFragment) =>
  status === 'QUEUED' ? 'Waiting its turn…' : `Counting, ${formatShare(progress)}`;
