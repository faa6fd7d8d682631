import type { FieldValuePartsFragment } from '../graphql/generated/graphql.ts';
import { formatAgo, formatDate, formatDateTime, formatTime } from '../format/date.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatMoney } from '../format/money.ts';
import type { MoneyValue } from '../format/money.ts';
import { useNow } from '../ui/use-now.ts';

/** Money, never broken over two lines; a dash with words when there is none. */
export function MoneyText({ value }: { readonly value: MoneyValue | null | undefined }) {
  if (!value) return <Absent />;
  return (
    <span data-figures className="whitespace-nowrap">
      {formatMoney(value)}
    </span>
  );
}

/** What the two sides of a conflict are apart; where it is about no money there is no amount, not one of 0.00. */
export function ApartText({ value }: { readonly value: MoneyValue }) {
  return isZeroDecimal(value.amount) ? (
    <Absent words="no money apart" />
  ) : (
    <MoneyText value={value} />
  );
}

/** Stands where a value would be. */
export function Absent({ words = 'none' }: { readonly words?: string }) {
  return (
    <span className="text-ink-soft">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** A value of a field on one side, formatted here when its kind is known, else as the API words it. */
export function FieldValueText({ value }: { readonly value: FieldValuePartsFragment | null }) {
  if (value === null) return <Absent />;
  if (value.money) return <MoneyText value={value.money} />;
  if (value.kind === 'DATE')
    return <span className="whitespace-nowrap">{formatDate(value.display)}</span>;
  return value.display === '' ? (
    <Absent words="empty" />
  ) : (
    <span className="break-words">{value.display}</span>
  );
}

/** The time of day, with the whole instant for whoever points at it. */
export function TimeText({ instant }: { readonly instant: string }) {
  return (
    <time dateTime={instant} title={formatDateTime(instant)} className="whitespace-nowrap">
      {formatTime(instant)}
    </time>
  );
}

/** How long ago, ticking every few seconds. */
export function AgoText({ instant }: { readonly instant: string }) {
  const nowMs = useNow(5_000);
  return (
    <time dateTime={instant} title={formatDateTime(instant)} className="whitespace-nowrap">
      {formatAgo(instant, nowMs)}
    </time>
  );
}
