import { useState } from 'react';
import { ActionButton } from '../components/action-button.tsx';
import { SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { lab, LabRefusal } from './lab.ts';
import type { Book, BookInvoice } from './lab.ts';
import type { Evidence } from './proof.ts';
import { makeInvoices } from './scenarios.ts';

/** Invoices offered to work on, newest first. */
const offeredMax = 12;

type Pair = { readonly internal: BookInvoice; readonly quickbooks: BookInvoice };

/** Those both books hold, so that a person can be played on either side. */
function pairsOf({ internalInvoices, quickbooksInvoices }: Evidence): readonly Pair[] {
  const copies = new Map(quickbooksInvoices.map((invoice) => [invoice.mark, invoice]));
  const pairs = internalInvoices.flatMap((internal) => {
    const quickbooks = copies.get(internal.id);
    if (quickbooks === undefined || internal.isGone || quickbooks.isGone) return [];
    return [{ internal, quickbooks }];
  });
  return pairs.slice(-offeredMax).toReversed();
}

/** A day that no invoice of the demo is due on, another one each time. */
function someDay(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + 20 + (Math.floor(performance.now()) % 300));
  return day.toISOString().slice(0, 10);
}

/** Plays the bookkeeper of either side, or of both at once, which makes a conflict. */
export function BookkeeperPanel({ evidence }: { readonly evidence: Evidence }) {
  const [chosen, setChosen] = useState('');
  const [said, setSaid] = useState<{ readonly sentence: string; readonly isFailure: boolean }>();
  const pairs = pairsOf(evidence);
  const pair = pairs.find(({ internal }) => internal.id === chosen) ?? pairs[0];
  const number = pair?.internal.number ?? 'the invoice';
  const doing = (act: () => Promise<unknown>, sentence: string) => async () => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof LabRefusal || error instanceof TypeError)) throw error;
      setSaid({ sentence: `It was refused: ${error.message}`, isFailure: true });
      return `It was refused: ${error.message}`;
    }
    setSaid({ sentence, isFailure: false });
    return sentence;
  };
  return (
    <Panel title="Play the bookkeeper">
      <SelectField
        label="Invoice"
        value={pair?.internal.id ?? ''}
        onChange={({ target }) => setChosen(target.value)}
        className="max-w-72"
      >
        {pairs.map(({ internal }) => (
          <option key={internal.id} value={internal.id}>
            {internal.number} · {internal.total}
          </option>
        ))}
      </SelectField>
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <Side book="invoicing" name="In internal invoicing" pair={pair} doing={doing} />
        <Side book="quickbooks" name="In QuickBooks" pair={pair} doing={doing} />
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <ActionButton
          needs="OPERATE"
          kind="strong"
          whyNot={pair === undefined ? 'No invoice stands in both books yet.' : null}
          act={doing(
            () => editBoth(pair),
            `Both sides moved the due date of ${number}, each to another day. A conflict opens; nothing is lost.`,
          )}
        >
          Edit it on both sides at once
        </ActionButton>
        <ActionButton
          needs="OPERATE"
          act={doing(() => makeInvoices(1), 'A new invoice was made in internal invoicing.')}
        >
          Make a new invoice
        </ActionButton>
      </div>
      {said !== undefined && (
        <p data-bookkeeper className={`mt-2 ${said.isFailure ? 'text-you' : 'text-ink-soft'}`}>
          {said.sentence}
        </p>
      )}
    </Panel>
  );
}

async function editBoth(pair: Pair | undefined): Promise<void> {
  if (pair === undefined) return;
  const day = someDay();
  const other = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
  await Promise.all([
    lab.human('invoicing', { action: 'edit', id: pair.internal.id, set: { dueDate: day } }),
    lab.human('quickbooks', {
      action: 'edit',
      entity: 'Invoice',
      id: pair.quickbooks.id,
      set: { DueDate: other },
    }),
  ]);
}

type SideProps = {
  readonly book: Book;
  readonly name: string;
  readonly pair: Pair | undefined;
  readonly doing: (act: () => Promise<unknown>, sentence: string) => () => Promise<string | null>;
};

const looks = {
  invoicing: 'border-internal/40 text-internal',
  quickbooks: 'border-quickbooks/40 text-quickbooks',
};

function Side({ book, name, pair, doing }: SideProps) {
  const number = pair?.internal.number ?? 'the invoice';
  return (
    <fieldset className={`rounded-md border p-3 ${looks[book]}`}>
      <legend className="px-1 text-xs font-semibold">{name}</legend>
      <div className="flex flex-wrap gap-2">
        {acts.map(({ label, done, actions }) => (
          <ActionButton
            key={label}
            needs="OPERATE"
            whyNot={pair === undefined ? 'No invoice stands in both books yet.' : null}
            act={doing(
              () => (pair === undefined ? Promise.resolve() : lab.human(book, actions[book](pair))),
              `${number} was ${done} ${name.replace('In', 'in')}.`,
            )}
          >
            {label}
          </ActionButton>
        ))}
      </div>
    </fieldset>
  );
}

type Act = {
  readonly label: string;
  readonly done: string;
  readonly actions: Readonly<Record<Book, (pair: Pair) => object>>;
};

const acts: readonly Act[] = [
  {
    label: 'Edit',
    done: 'edited (its memo)',
    actions: {
      invoicing: ({ internal }) => ({
        action: 'edit',
        id: internal.id,
        set: { customerMemo: `Thank you, ${someDay()}` },
      }),
      quickbooks: ({ quickbooks }) => ({
        action: 'edit',
        entity: 'Invoice',
        id: quickbooks.id,
        set: { CustomerMemo: { value: `Thank you, ${someDay()}` } },
      }),
    },
  },
  {
    label: 'Pay 10.00',
    done: 'paid in part',
    actions: {
      invoicing: ({ internal }) => ({ action: 'pay', id: internal.id, amount: '10.00' }),
      quickbooks: ({ quickbooks }) => ({
        action: 'pay',
        invoices: [{ id: quickbooks.id, amount: '10.00' }],
      }),
    },
  },
  {
    label: 'Void',
    done: 'voided',
    actions: {
      invoicing: ({ internal }) => ({ action: 'void', id: internal.id }),
      quickbooks: ({ quickbooks }) => ({
        action: 'void',
        entity: 'Invoice',
        id: quickbooks.id,
      }),
    },
  },
  {
    label: 'Delete',
    done: 'deleted',
    actions: {
      invoicing: ({ internal }) => ({ action: 'delete', id: internal.id }),
      quickbooks: ({ quickbooks }) => ({
        action: 'delete',
        entity: 'Invoice',
        id: quickbooks.id,
      }),
    },
  },
];
