import { CircleCheck, TriangleAlert } from 'lucide-react';
import { formatCount, formatMoney } from '../format/money.ts';
import { Panel } from '../ui/panel.tsx';
import { proofOf } from './proof.ts';
import type { Evidence } from './proof.ts';

/** What the two books themselves say, in figures that a duplicate could not hide from. */
export function ProofPanel({ evidence }: { readonly evidence: Evidence }) {
  const proof = proofOf(evidence);
  const isOnce = proof.writesPerIntent === null || proof.writesPerIntent === '1.000';
  const isEqual = proof.internalTotal === proof.quickbooksTotal;
  return (
    <Panel title="The proof, read from both books">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-4">
        <Figure
          name="Writes for each intent"
          value={proof.writesPerIntent ?? '–'}
          note={`${formatCount(proof.writeCount)} writes for ${formatCount(proof.intentCount)} intents`}
          isGood={isOnce}
        />
        <Figure
          name="Duplicates"
          value={formatCount(proof.duplicateCount)}
          note={`in ${formatCount(proof.pairCount)} invoices that both books hold`}
          isGood={proof.duplicateCount === 0}
        />
      </dl>
      <Totals
        internal={proof.internalTotal}
        quickbooks={proof.quickbooksTotal}
        note={
          isEqual
            ? 'Equal to the cent.'
            : `${formatCount(proof.apartCount)} ${proof.apartCount === 1 ? 'invoice is' : 'invoices are'} on the way or with a person.`
        }
        isEqual={isEqual}
      />
      <dl className="mt-4 grid grid-cols-2 gap-x-4 gap-y-2 border-t border-line pt-3 text-[0.8125rem] sm:grid-cols-4">
        <Small name="Changes people made" value={proof.changeCount} />
        <Small name="Times it was told" value={proof.toldCount} />
        <Small name="Write requests received" value={proof.attemptCount} />
        <Small name="Answers spoilt" value={proof.faultCount} />
      </dl>
    </Panel>
  );
}

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly isGood: boolean;
};

function Figure({ name, value, note, isGood }: FigureProps) {
  const Icon = isGood ? CircleCheck : TriangleAlert;
  return (
    <div data-proof={name}>
      <dt className="text-[0.8125rem] text-ink-soft">{name}</dt>
      <dd className="flex items-center gap-2 text-[2rem] leading-tight font-semibold tracking-tight">
        {value}
        <Icon aria-hidden="true" className={`size-5 ${isGood ? 'text-done' : 'text-you'}`} />
      </dd>
      <dd className="text-xs text-ink-soft">{note}</dd>
    </div>
  );
}

type TotalsProps = {
  readonly internal: string;
  readonly quickbooks: string;
  readonly note: string;
  readonly isEqual: boolean;
};

/** The mark of the product: two totals that must meet in the middle. */
function Totals({ internal, quickbooks, note, isEqual }: TotalsProps) {
  const money = (amount: string) => formatMoney({ amount, currency: 'USD' });
  return (
    <div data-proof="Totals" data-equal={isEqual} className="mt-4">
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-2">
        <p className="rounded-md bg-internal-soft px-3 py-2">
          <span className="block text-xs font-medium text-internal">Internal</span>
          <span data-figures className="font-semibold">
            {money(internal)}
          </span>
        </p>
        <span className="text-lg font-semibold">
          <span aria-hidden="true">{isEqual ? '=' : '…'}</span>
          <span className="sr-only">{isEqual ? 'equals' : 'does not yet equal'}</span>
        </span>
        <p className="rounded-md bg-quickbooks-soft px-3 py-2 text-right">
          <span className="block text-xs font-medium text-quickbooks">QuickBooks</span>
          <span data-figures className="font-semibold">
            {money(quickbooks)}
          </span>
        </p>
      </div>
      <p className="mt-1 min-h-4 text-xs text-ink-soft">{note}</p>
    </div>
  );
}

function Small({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd className="font-medium">{formatCount(value)}</dd>
    </div>
  );
}
