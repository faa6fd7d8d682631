import type { PaymentPartsFragment } from '../graphql/generated/graphql.ts';
import { formatDate } from '../format/date.ts';
import { Absent, MoneyText } from './values.tsx';

type PaymentsProps = {
  readonly internal: readonly PaymentPartsFragment[];
  readonly quickbooks: readonly PaymentPartsFragment[];
};

/** What was paid on this invoice, as each side has it; the same payment stands in one line. */
export function PaymentsOfBoth({ internal, quickbooks }: PaymentsProps) {
  const keys = [...new Set([...internal, ...quickbooks].map(({ paymentKey }) => paymentKey))];
  if (keys.length === 0) return null;
  const find = (payments: readonly PaymentPartsFragment[], key: string) =>
    payments.find(({ paymentKey }) => paymentKey === key);
  return (
    <table className="w-full border-t border-line">
      <caption className="px-4 py-2 text-left text-[0.8125rem] font-semibold">Payments</caption>
      <thead className="text-xs">
        <tr>
          <th scope="col" className="px-4 text-left font-medium text-internal">
            Internal
          </th>
          <th scope="col" className="px-4 text-left font-medium text-quickbooks">
            QuickBooks
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key} className="border-t border-line">
            <PaymentCell payment={find(internal, key)} />
            <PaymentCell payment={find(quickbooks, key)} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PaymentCell({ payment }: { readonly payment: PaymentPartsFragment | undefined }) {
  return (
    <td className="w-1/2 px-4 py-2 align-top">
      {payment === undefined ? (
        <Absent words="not there" />
      ) : (
        <>
          <span className="font-medium">
            <MoneyText value={payment.amount} />
          </span>{' '}
          on {formatDate(payment.date)}
          <span className="block text-xs text-ink-soft">
            {[payment.method, payment.reference].filter((part) => part !== null).join(' · ')}
          </span>
        </>
      )}
    </td>
  );
}
