import { X } from 'lucide-react';
import { InvoicePanelDocument } from '../graphql/generated/graphql.ts';
import type { InvoicePanelQuery } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { shownCrossing } from '../crossing/shown-crossing.ts';
import { formatDate } from '../format/date.ts';
import { moneyDifference } from '../format/money.ts';
import { paths } from '../paths.ts';
import { changeKindLabels, directionLabels } from '../state-labels.ts';
import { mayChangeInvoice } from '../stream/event-kinds.ts';
import { IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { InvoiceStatusChip, StageChip } from './state-chips.tsx';
import { Absent, AgoText, FieldValueText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type InvoicePanelProps = { readonly id: string; readonly onClose: () => void };

/** One invoice beside the list: where it stands, what differs, and the ways on. */
export function InvoicePanel({ id, onClose }: InvoicePanelProps) {
  const asked = { query: InvoicePanelDocument, variables: { id } };
  const result = useLiveQuery({ ...asked, refetchOn: mayChangeInvoice(id) });
  return (
    <aside
      aria-label="Invoice beside the list"
      className="flex h-full flex-col overflow-y-auto border-t border-line bg-surface lg:border-t-0 lg:border-l"
    >
      <div className="flex items-center justify-between py-1 pr-2 pl-4">
        <AppLink href={paths.invoice(id)} className="font-medium underline underline-offset-4">
          Open the invoice <span aria-hidden="true">→</span>
        </AppLink>
        <span className="flex">
          <PanelGraphql {...asked} />
          <IconButton label="Close" onClick={onClose} aria-keyshortcuts="Escape">
            <X aria-hidden="true" className="size-4" />
          </IconButton>
        </span>
      </div>
      <div className="px-4 pb-4">
        <QueryView
          result={result}
          what="This invoice"
          skeleton={<Skeleton what="the invoice" rows={5} />}
        >
          {({ invoice }) =>
            invoice === null ? (
              <Empty title="There is no such invoice, or you may not see it." />
            ) : (
              <PanelContent invoice={invoice} />
            )
          }
        </QueryView>
      </div>
    </aside>
  );
}

type PanelInvoice = NonNullable<InvoicePanelQuery['invoice']>;

function PanelContent({ invoice }: { readonly invoice: PanelInvoice }) {
  const { id, openConflict, openDeadLetter } = invoice;
  const side = invoice.internal ?? invoice.quickbooks;
  return (
    <div className="flex flex-col gap-4">
      <header>
        <h2 className="flex flex-wrap items-center gap-2 text-base font-semibold">
          {invoice.number ?? 'No number'} <InvoiceStatusChip status={invoice.status} />
        </h2>
        <p className="text-ink-soft">{side?.customer.name}</p>
        <p className="mt-2">{readable(invoice.statusReason)}</p>
        {openConflict && (
          <AppLink
            href={paths.conflict(openConflict.id)}
            className="font-medium underline underline-offset-4"
          >
            Settle the conflict <span aria-hidden="true">→</span>
          </AppLink>
        )}
        {openDeadLetter && (
          <AppLink href={paths.work()} className="font-medium underline underline-offset-4">
            Work through what needs you <span aria-hidden="true">→</span>
          </AppLink>
        )}
      </header>
      <SideFigures invoice={invoice} />
      <Differences invoice={invoice} />
      <LastChange invoice={invoice} />
      <p className="flex gap-4 border-t border-line pt-3 text-[0.8125rem]">
        <PanelLink href={paths.invoice(id, { tab: 'compare' })}>Compare</PanelLink>
        <PanelLink href={paths.invoice(id, { tab: 'crossing' })}>Crossing</PanelLink>
        <PanelLink href={paths.invoice(id, { tab: 'history' })}>History</PanelLink>
        <PanelLink href={paths.invoice(id, { tab: 'audit' })}>Audit</PanelLink>
      </p>
    </div>
  );
}

function PanelLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <AppLink href={href} className="underline underline-offset-4">
      {children}
    </AppLink>
  );
}

function SideFigures({ invoice }: { readonly invoice: PanelInvoice }) {
  const sides = [
    ['Internal', 'border-t-internal text-internal', invoice.internal],
    ['QuickBooks', 'border-t-quickbooks text-quickbooks', invoice.quickbooks],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-2">
      {sides.map(([name, look, snapshot]) => (
        <div key={name} className={`rounded-md border border-t-3 border-line p-2.5 ${look}`}>
          <dt className="text-xs font-semibold">{name}</dt>
          <dd className="text-ink">
            <span className="block text-base font-semibold">
              <MoneyText value={snapshot?.total} />
            </span>
            <span className="block text-xs text-ink-soft">
              {snapshot?.dueDate ? `due ${formatDate(snapshot.dueDate)}` : 'no due date'}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const differencesMax = 8;

function Differences({ invoice }: { readonly invoice: PanelInvoice }) {
  const { id, diff, internal: ours, quickbooks: theirs } = invoice;
  if (ours === null && theirs === null)
    return <p className="text-ink-soft">Neither side has been read yet.</p>;
  if (diff.length === 0) return <NoDifference invoice={invoice} />;
  return (
    <section aria-label="What differs">
      <h3 className="mb-1 text-[0.8125rem] font-semibold">What differs</h3>
      <ul className="flex flex-col divide-y divide-line">
        {diff.slice(0, differencesMax).map(({ path, label, internal, quickbooks }) => (
          <li key={path} className="py-1.5">
            <span className="block text-[0.8125rem] text-ink-soft">{label}</span>
            <span className="flex flex-wrap justify-between gap-x-3">
              <span className="min-w-0">
                <span className="sr-only">Internal </span>
                <FieldValueText value={internal} />
              </span>
              <span className="min-w-0 text-right">
                <span className="sr-only">QuickBooks </span>
                <FieldValueText value={quickbooks} />
              </span>
            </span>
          </li>
        ))}
      </ul>
      {diff.length > differencesMax && (
        <PanelLink href={paths.invoice(id, { tab: 'compare' })}>
          {`${diff.length - differencesMax} more`}
        </PanelLink>
      )}
    </section>
  );
}

/** Totals are worked out by each side, so they may differ where no field does. */
function NoDifference({ invoice: { internal, quickbooks } }: { readonly invoice: PanelInvoice }) {
  const apart = moneyDifference(internal?.total, quickbooks?.total);
  if (internal === null || quickbooks === null)
    return <p className="text-ink-soft">Only one side holds it so far.</p>;
  if (apart === null) return <p className="text-ink-soft">Every field is equal on both sides.</p>;
  return (
    <p className="text-ink-soft">
      Every field is equal; the totals are <MoneyText value={apart} /> apart.
    </p>
  );
}

function LastChange({ invoice }: { readonly invoice: PanelInvoice }) {
  const last = shownCrossing(invoice.outboxEvents.nodes);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-[0.8125rem]">
      <dt className="text-ink-soft">Last change</dt>
      <dd className="flex flex-wrap items-center gap-2">
        {last === undefined ? (
          <Absent words="none yet" />
        ) : (
          <>
            {changeKindLabels[last.kind]}, {directionLabels[last.direction].within}
            <StageChip stage={last.stage} />
          </>
        )}
      </dd>
      <dt className="text-ink-soft">Changed</dt>
      <dd>
        <AgoText instant={invoice.changedAt} />
      </dd>
      <dt className="text-ink-soft">Both equal</dt>
      <dd>
        {invoice.lastInSyncAt === null ? (
          <Absent words="not yet" />
        ) : (
          <AgoText instant={invoice.lastInSyncAt} />
        )}
      </dd>
    </dl>
  );
}
