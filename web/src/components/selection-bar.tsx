import { addDecimal } from '../format/decimal.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import type { MoneyValue } from '../format/money.ts';
import type { InvoiceList } from '../invoices/use-invoice-list.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

type SelectionBarProps = {
  readonly list: InvoiceList;
  readonly selected: ReadonlySet<string>;
  readonly onClear: () => void;
};

/** What the selected invoices come to on either side, currency by currency. */
export function SelectionBar({ list, selected, onClear }: SelectionBarProps) {
  if (selected.size === 0) return null;
  const rows = rowsOf(list, selected);
  const sum = (side: 'internal' | 'quickbooks') =>
    formatMoneyList(totals(rows.flatMap((row) => row[side]?.total ?? []))) ?? '–';
  const numbers = rows.map(({ number }) => number ?? '').join('\n');
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-y border-line bg-raised px-4 py-1"
    >
      <span className="font-medium">{formatCount(selected.size)} selected</span>
      <span data-figures>
        <span className="text-internal">Internal</span> {sum('internal')}
      </span>
      <span data-figures>
        <span className="text-quickbooks">QuickBooks</span> {sum('quickbooks')}
      </span>
      <span className="ml-auto flex items-center">
        <CopyButton label="Copy the numbers" text={numbers} />
        <Button kind="quiet" onClick={onClear}>
          Clear
        </Button>
      </span>
    </div>
  );
}

function rowsOf(list: InvoiceList, selected: ReadonlySet<string>) {
  const rows = [];
  for (let at = 0; at < (list.total ?? 0) && rows.length < selected.size; at += 1) {
    const row = list.at(at);
    if (row !== undefined && selected.has(row.id)) rows.push(row);
  }
  return rows;
}

/** Exact, and never across currencies. */
function totals(values: readonly MoneyValue[]): MoneyValue[] {
  const sums = new Map<string, string>();
  for (const { amount, currency } of values)
    sums.set(currency, addDecimal(sums.get(currency) ?? '0', amount) ?? amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
