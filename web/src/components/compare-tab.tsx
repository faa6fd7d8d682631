import { useState } from 'react';
import { InvoiceCompareDocument } from '../graphql/generated/graphql.ts';
import type {
  FieldValuePartsFragment,
  InvoiceCompareQuery,
  SnapshotPartsFragment,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatMoney } from '../format/money.ts';
import { comparedRuleLabels, fieldStateLabels, invoiceStateLabels } from '../state-labels.ts';
import { mayChangeInvoice } from '../stream/event-kinds.ts';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { groupRows, labelInGroup, movedCells } from './compare-rows.ts';
import type { CompareGroup, CompareRow } from './compare-rows.ts';
import { PanelGraphql } from './panel-graphql.tsx';
import { PaymentsOfBoth } from './payments-of-both.tsx';
import { QueryView } from './query-view.tsx';
import { FieldValueText, MoneyText, TimeText } from './values.tsx';

/** Internal left, what was last agreed in the middle, QuickBooks right. */
export function CompareTab({ id }: { readonly id: string }) {
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const asked = { query: InvoiceCompareDocument, variables: { id } };
  const result = useLiveQuery({ ...asked, refetchOn: mayChangeInvoice(id) });
  return (
    <Panel
      title="Both sides and what they last agreed on"
      isPadded={false}
      actions={
        <>
          <label className="mr-2 flex items-center gap-2 text-[0.8125rem]">
            <input
              type="checkbox"
              checked={onlyDifferences}
              onChange={(event) => setOnlyDifferences(event.target.checked)}
              className="size-4 accent-ink"
            />
            Only differences
          </label>
          <PanelGraphql {...asked} />
        </>
      }
    >
      <div className="px-4 empty:hidden">
        <QueryView result={result} what="The comparison">
          {() => null}
        </QueryView>
      </div>
      {result.data?.invoice && (
        <Comparison invoice={result.data.invoice} onlyDifferences={onlyDifferences} />
      )}
    </Panel>
  );
}

type ComparisonProps = {
  readonly invoice: NonNullable<InvoiceCompareQuery['invoice']>;
  readonly onlyDifferences: boolean;
};

function Comparison({ invoice, onlyDifferences }: ComparisonProps) {
  const groups = groupRows(invoice.diff, onlyDifferences);
  return (
    <>
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Comparison">
        <table className="w-full min-w-[40rem] table-fixed border-collapse">
          <caption className="sr-only">Each field on both sides and as last agreed</caption>
          <thead>
            <tr className="border-b border-line align-bottom">
              <th
                scope="col"
                className="w-[20%] py-2 pr-2 pl-4 text-left text-xs font-medium text-ink-soft"
              >
                Field
              </th>
              <SideHead title="Internal" look="text-internal" snapshot={invoice.internal} />
              <SideHead title="Last agreed" look="text-ink" snapshot={invoice.base} />
              <SideHead title="QuickBooks" look="text-quickbooks" snapshot={invoice.quickbooks} />
            </tr>
          </thead>
          {groups.map((group) => (
            <GroupRows key={group.key} group={group} />
          ))}
          {!onlyDifferences && invoice.diff.length > 0 && <TotalRows invoice={invoice} />}
        </table>
      </div>
      {groups.length === 0 && (
        <Empty title={onlyDifferences ? 'No differences.' : 'Nothing to compare yet.'}>
          {onlyDifferences
            ? 'Both sides hold what was last agreed.'
            : 'Neither side has been read so far.'}
        </Empty>
      )}
      <PaymentsOfBoth
        internal={invoice.internal?.payments ?? []}
        quickbooks={invoice.quickbooks?.payments ?? []}
      />
      {invoice.taxVariance && (
        <p className="border-t border-line px-4 py-2 text-ink-soft">
          Totals differ by {formatMoney(invoice.taxVariance.amount)}: {invoice.taxVariance.reason}
        </p>
      )}
    </>
  );
}

type SideHeadProps = {
  readonly title: string;
  readonly look: string;
  readonly snapshot: SnapshotPartsFragment | null;
};

function SideHead({ title, look, snapshot }: SideHeadProps) {
  const version = snapshot?.side === 'QUICKBOOKS' ? 'SyncToken' : 'revision';
  return (
    <th scope="col" className="px-3 py-2 text-left align-bottom font-normal">
      <span className={`block font-semibold ${look}`}>{title}</span>
      <span className="block text-xs text-ink-soft">
        {snapshot === null ? (
          'nothing there'
        ) : (
          <>
            {invoiceStateLabels[snapshot.state]}
            {snapshot.side !== null && ` · ${version} ${snapshot.externalVersion}`} · read{' '}
            <TimeText instant={snapshot.capturedAt} />
          </>
        )}
      </span>
    </th>
  );
}

function GroupRows({ group }: { readonly group: CompareGroup }) {
  return (
    <tbody>
      {group.heading !== null && <HeadingRow>{group.heading}</HeadingRow>}
      {group.rows.map((row) => (
        <FieldRow key={row.path} row={row} label={labelInGroup(group, row)} />
      ))}
    </tbody>
  );
}

const changedLook = {
  internal: 'bg-internal-soft shadow-[inset_3px_0_0_var(--color-internal)]',
  quickbooks: 'bg-quickbooks-soft shadow-[inset_3px_0_0_var(--color-quickbooks)]',
};

function FieldRow({ row, label }: { readonly row: CompareRow; readonly label: string }) {
  const moved = movedCells(row);
  const { label: state, tone, help } = fieldStateLabels[row.state];
  return (
    <tr className="border-b border-line align-top last:border-0">
      <th
        scope="row"
        className="sticky left-0 bg-surface py-2 pr-2 pl-4 text-left font-normal text-ink-soft"
      >
        <span className="flex flex-wrap items-center gap-x-2">
          {label}
          {moved.internal && moved.quickbooks && (
            <Chip tone={tone} help={help}>
              {state}
            </Chip>
          )}
        </span>
        <span className="block text-xs">{comparedRuleLabels[row.policy.rule]}</span>
      </th>
      <Cell value={row.internal} changed={moved.internal ? 'internal' : null} />
      <Cell value={row.base} changed={null} look="text-ink-soft" />
      <Cell value={row.quickbooks} changed={moved.quickbooks ? 'quickbooks' : null} />
    </tr>
  );
}

type CellProps = {
  readonly value: FieldValuePartsFragment | null;
  readonly changed: keyof typeof changedLook | null;
  readonly look?: string;
};

function Cell({ value, changed, look = '' }: CellProps) {
  return (
    <td className={`px-3 py-2 ${changed === null ? look : changedLook[changed]}`}>
      <span className="flex items-baseline justify-between gap-2">
        <span className="min-w-0">
          <FieldValueText value={value} />
        </span>
        {changed !== null && <span className="text-xs text-ink-soft">changed</span>}
      </span>
    </td>
  );
}

const totals = [
  ['subtotal', 'Subtotal'],
  ['taxTotal', 'Tax'],
  ['total', 'Total'],
  ['balance', 'Balance due'],
] as const;

/** Derived on each side, so they are shown and never compared field by field. */
function TotalRows({ invoice }: { readonly invoice: ComparisonProps['invoice'] }) {
  return (
    <tbody>
      <HeadingRow>Totals, as each side works them out</HeadingRow>
      {totals.map(([name, label]) => (
        <tr key={name} className="border-b border-line last:border-0">
          <th scope="row" className="py-2 pr-2 pl-4 text-left font-normal text-ink-soft">
            {label}
          </th>
          {[invoice.internal, invoice.base, invoice.quickbooks].map((snapshot, column) => (
            <td
              key={column}
              className={`px-3 py-2 ${name === 'total' ? 'font-semibold' : ''} ${column === 1 ? 'text-ink-soft' : ''}`}
            >
              <MoneyText value={snapshot?.[name]} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function HeadingRow({ children }: { readonly children: string }) {
  return (
    <tr>
      <th
        scope="rowgroup"
        colSpan={4}
        className="border-b border-line bg-raised px-4 py-1 text-left text-xs font-semibold"
      >
        {children}
      </th>
    </tr>
  );
}
