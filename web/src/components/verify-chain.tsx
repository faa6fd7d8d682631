import { useState } from 'react';
import { useClient } from 'urql';
import { CompaniesDocument, VerifyAuditChainDocument } from '../graphql/generated/graphql.ts';
import type { VerifyAuditChainQuery } from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import type { Failure } from '../graphql/failure.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatDateTime } from '../format/date.ts';
import { formatCount } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Panel } from '../ui/panel.tsx';
import { AuditEntry } from './audit-entry.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { useWhyNot } from './use-right.ts';

type Check = VerifyAuditChainQuery['verifyAuditChain'];

type CheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | {
      readonly kind: 'checked';
      readonly check: Check;
      readonly atMs: number;
      readonly expected: boolean;
    };

const systemChain = '';
const field = 'h-8 max-w-full rounded-md border border-line-strong bg-surface px-2';

type Asked = { readonly companyId: string | null; readonly expectedHead: string | null };

/** Costly, so it is asked for by a person and never by itself. */
function useCheck() {
  const client = useClient();
  const [state, setState] = useState<CheckState>({ kind: 'idle' });
  const verify = async (variables: Asked) => {
    setState({ kind: 'checking' });
    const options = { requestPolicy: 'network-only' } as const;
    const answer = await client.query(VerifyAuditChainDocument, variables, options).toPromise();
    const { data, error } = answer;
    if (data === undefined) {
      const none = { sentence: 'No answer came.', correlationId: null };
      return setState({ kind: 'failed', failure: error ? failureOf(error) : none });
    }
    const expected = variables.expectedHead !== null;
    return setState({ kind: 'checked', check: data.verifyAuditChain, atMs: Date.now(), expected });
  };
  return { state, verify: (asked: Asked) => void verify(asked) };
}

/** Recomputes every hash of a chain, and says in words what that proves. */
export function VerifyChain({ companyId }: { readonly companyId: string | undefined }) {
  const { data } = useLiveQuery({ query: CompaniesDocument, variables: {} });
  const companies = data?.companies.nodes ?? [];
  const [chosen, setChosen] = useState<string>();
  const [head, setHead] = useState('');
  const { state, verify } = useCheck();
  const whyNot = useWhyNot('ADMIN');
  const chain = chosen ?? companyId ?? companies[0]?.id ?? systemChain;
  const variables = {
    companyId: chain === systemChain ? null : chain,
    expectedHead: head.trim() === '' ? null : head.trim(),
  };
  return (
    <Panel
      title="Has anything been tampered with?"
      actions={<PanelGraphql query={VerifyAuditChainDocument} variables={variables} />}
    >
      <form
        className="flex flex-wrap items-end gap-x-3 gap-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          verify(variables);
        }}
      >
        <ChainField companies={companies} value={chain} onChange={setChosen} />
        <label className="flex max-w-full flex-col gap-1 text-[0.8125rem] text-ink-soft">
          A hash kept from earlier (optional)
          <input
            value={head}
            onChange={(event) => setHead(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className={`${field} w-72 font-mono text-xs`}
          />
        </label>
        <Button
          type="submit"
          kind="strong"
          disabled={whyNot !== null || state.kind === 'checking'}
          title={whyNot ?? undefined}
        >
          {state.kind === 'checking' ? 'Checking…' : 'Verify chain'}
        </Button>
      </form>
      {whyNot !== null && <p className="mt-2 text-ink-soft">{whyNot}</p>}
      <div role="status" className="mt-3 empty:hidden">
        {state.kind === 'checked' && <Result {...state} />}
      </div>
      {state.kind === 'failed' && (
        <p role="alert" className="mt-3 rounded-md bg-you-soft px-3 py-2">
          The chain could not be checked. {state.failure.sentence}
          {state.failure.correlationId && ` Correlation id ${state.failure.correlationId}`}
        </p>
      )}
    </Panel>
  );
}

type ChainFieldProps = {
  readonly companies: readonly { readonly id: string; readonly name: string }[];
  readonly value: string;
  readonly onChange: (chain: string) => void;
};

/** Each company has a chain of its own, and the system has one. */
function ChainField({ companies, value, onChange }: ChainFieldProps) {
  return (
    <label className="flex flex-col gap-1 text-[0.8125rem] text-ink-soft">
      Chain
      <select value={value} onChange={(event) => onChange(event.target.value)} className={field}>
        {companies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        <option value={systemChain}>The system’s own</option>
      </select>
    </label>
  );
}

type ResultProps = { readonly check: Check; readonly atMs: number; readonly expected: boolean };

function Result({ check, atMs, expected }: ResultProps) {
  const { intact, checked, head, firstBroken } = check;
  const count = formatCount(Number(checked));
  return (
    <div
      data-chain={intact ? 'intact' : 'broken'}
      className={`rounded-md px-3 py-2 ${intact ? 'bg-done-soft' : 'bg-you-soft'}`}
    >
      <p className="font-medium">
        {intact
          ? `Intact: all ${count} entries hold. None was changed, inserted or taken away.`
          : brokenWords(check, expected)}
      </p>
      {intact && expected && <p>The hash you kept is in the chain.</p>}
      <p className="text-[0.8125rem] text-ink-soft">
        Checked {formatDateTime(new Date(atMs).toISOString())}.
      </p>
      {head !== null && intact && (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-[0.8125rem]">
          Newest hash; keep it to check against later:{' '}
          <code className="font-mono text-xs break-all">{head}</code>
          <CopyButton label="Copy the newest hash" text={head} />
        </p>
      )}
      {firstBroken !== null && (
        <ol aria-label="First entry that does not match" className="mt-2 bg-surface">
          <AuditEntry entry={firstBroken} />
        </ol>
      )}
    </div>
  );
}

function brokenWords({ firstBroken, checked }: Check, expected: boolean): string {
  if (firstBroken !== null)
    return `Broken at No. ${firstBroken.sequence}: this entry was changed or inserted, or the one before it is missing.`;
  const count = formatCount(Number(checked));
  return expected
    ? `Broken: the ${count} entries fit each other, but the hash you kept is not among them, or the newest entries are missing.`
    : `Broken: the ${count} entries fit each other, but the newest ones are missing.`;
}
