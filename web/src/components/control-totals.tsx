import type {
  ControlTotalPartsFragment,
  ResidualPartsFragment,
} from '../graphql/generated/graphql.ts';
import { isZeroDecimal, subtractDecimal, sumDecimals } from '../format/decimal.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { AppLink } from './app-link.tsx';
import { MoneyText } from './values.tsx';

type ControlTotalsProps = {
  readonly totals: readonly ControlTotalPartsFragment[];
  readonly residual: readonly ResidualPartsFragment[];
};

/** Both sides' sums of each currency, their difference, and what explains it item by item, down to nothing. */
export function ControlTotals({ totals, residual }: ControlTotalsProps) {
  return (
    <ul className="flex flex-col gap-4" aria-label="Control totals by currency">
      {totals.map((total) => (
        <li
          key={total.currency}
          className="break-inside-avoid rounded-lg border border-line bg-surface p-4 shadow-panel"
        >
          <Currency
            total={total}
            items={residual.filter(({ amount }) => amount.currency === total.currency)}
          />
        </li>
      ))}
    </ul>
  );
}

type CurrencyProps = {
  readonly total: ControlTotalPartsFragment;
  readonly items: readonly ResidualPartsFragment[];
};

/** What the items leave of the difference; null when an amount cannot be read. */
function leftOf(difference: string, items: readonly ResidualPartsFragment[]): string | null {
  const explained = sumDecimals(items.map(({ amount }) => amount.amount));
  return explained === null ? null : subtractDecimal(difference, explained);
}

function Currency({ total, items }: CurrencyProps) {
  const { currency, difference } = total;
  const isEqual = isZeroDecimal(difference.amount);
  const left = leftOf(difference.amount, items);
  return (
    <section aria-label={currency}>
      <dl className="grid grid-cols-1 gap-x-6 gap-y-3 sm:grid-cols-3">
        <Figure
          name="Internal"
          look="text-internal"
          value={total.internalTotal}
          words={countWords(total.internalCount)}
        />
        <Figure
          name="QuickBooks"
          look="text-quickbooks"
          value={total.quickbooksTotal}
          words={countWords(total.quickbooksCount)}
        />
        <Figure
          name="Difference"
          look={isEqual ? 'text-ink-soft' : 'text-you'}
          value={difference}
          words={isEqual ? `${currency}: both sides are equal` : 'internal minus QuickBooks'}
        />
      </dl>
      {items.length > 0 && <Residual items={items} left={left} currency={currency} />}
      {items.length === 0 && !isEqual && (
        <p className="mt-3 text-you">Nothing explains this difference.</p>
      )}
    </section>
  );
}

const countWords = (count: number) =>
  `${formatCount(count)} ${count === 1 ? 'invoice' : 'invoices'}`;

type FigureProps = {
  readonly name: string;
  readonly look: string;
  readonly value: ControlTotalPartsFragment['difference'];
  readonly words: string;
};

function Figure({ name, look, value, words }: FigureProps) {
  return (
    <div>
      <dt className={`text-xs font-medium ${look}`}>{name}</dt>
      <dd>
        <span className="block text-2xl font-semibold tracking-tight">
          <MoneyText value={value} />
        </span>
        <span className="text-[0.8125rem] text-ink-soft">{words}</span>
      </dd>
    </div>
  );
}

type ResidualProps = {
  readonly items: readonly ResidualPartsFragment[];
  readonly left: string | null;
  readonly currency: string;
};

/** Money that nothing explains is an item of its own (core/reconcile/run.ts). */
export const unexplained = 'unexplained';

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function Residual({ items, left, currency }: ResidualProps) {
  return (
    <table className="mt-4 w-full border-t border-line">
      <caption className="pt-3 pb-1 text-left text-[0.8125rem] font-semibold">
        What explains it
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Invoices</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.reason} className="border-b border-line align-top">
            <th
              scope="row"
              className={`py-1.5 pr-4 text-left font-medium ${item.reason === unexplained ? 'text-you' : ''}`}
            >
              {capitalised(item.reason)}
            </th>
            <td className="py-1.5 pr-4 text-[0.8125rem] text-ink-soft">
              {countWords(item.invoiceCount)}
              <Some item={item} />
            </td>
            <td className="py-1.5 text-right">
              <MoneyText value={item.amount} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2} className="py-1.5 pr-4 text-left font-medium">
            Left over after all of these
          </th>
          <td
            className={`py-1.5 text-right font-semibold ${
              left !== null && isZeroDecimal(left) ? '' : 'text-you'
            }`}
          >
            <MoneyText value={left === null ? null : { amount: left, currency }} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

const someMax = 5;

function Some({ item }: { readonly item: ResidualPartsFragment }) {
  if (item.invoices.length === 0) return null;
  return (
    <span className="block">
      {item.invoices.slice(0, someMax).map(({ id, number }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <AppLink href={paths.invoice(id)} className="underline underline-offset-4">
            {number ?? 'no number'}
          </AppLink>
        </span>
      ))}
      {item.invoiceCount > someMax && ' …'}
    </span>
  );
}
