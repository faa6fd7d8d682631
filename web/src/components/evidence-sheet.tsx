import type { EvidenceQuery } from '../graphql/generated/graphql.ts';
import { isZeroDecimal } from '../format/decimal.ts';
import { formatDate, formatDateTime } from '../format/date.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { ControlTotals, unexplained } from './control-totals.tsx';

type Report = EvidenceQuery['evidenceReport'];

/** The page that is printed: what both books hold, what differs and why, and how to check it later. */
export function EvidenceSheet({ report }: { readonly report: Report }) {
  const { company, from, to, computedAt, build, controlTotals, residual } = report;
  return (
    <article
      data-print-page
      className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-5 shadow-panel md:p-8"
    >
      <header>
        <p className="text-[0.8125rem] text-ink-soft">LedgerBridge · evidence of both books</p>
        <h2 className="text-2xl font-semibold tracking-tight">{company.name}</h2>
        <p>
          Invoices issued {formatDate(from)} to {formatDate(to)}, as both sides stood on{' '}
          {formatDateTime(computedAt)}.
        </p>
      </header>
      <p className="font-medium">{verdictOf(report)}</p>
      {controlTotals.length > 0 && <ControlTotals totals={controlTotals} residual={residual} />}
      <HowToCheck report={report} />
      <footer className="text-xs text-ink-soft">
        Made by LedgerBridge {build} on {formatDateTime(computedAt)}. Amounts are exact; differences
        are internal minus QuickBooks.
      </footer>
    </article>
  );
}

function verdictOf({ controlTotals, residual }: Report): string {
  if (controlTotals.length === 0) return 'Neither side has an invoice issued in this period.';
  const apart = controlTotals.filter(({ difference }) => !isZeroDecimal(difference.amount));
  if (apart.length === 0) return 'The totals of both sides are equal in every currency.';
  const currencies = apart.map(({ currency }) => currency).join(', ');
  return residual.some(({ reason }) => reason === unexplained)
    ? `The totals differ in ${currencies}, and nothing explains a part of it.`
    : `The totals differ in ${currencies}; what explains it is listed item by item.`;
}

/** The head of the chain stands on paper, where nobody can change it any more (architecture.md §6). */
function HowToCheck({ report }: { readonly report: Report }) {
  const { auditHead } = report;
  return (
    <section className="break-inside-avoid">
      <h3 className="text-[0.8125rem] font-semibold">How to check this later</h3>
      <p className="mt-1">
        The audit trail is a chain: each entry carries a hash over itself and the one before. Its
        newest entry when this page was made had this hash:
      </p>
      <p className="my-2 flex flex-wrap items-center gap-2">
        <code className="font-mono text-xs break-all" data-audit-head>
          {auditHead}
        </code>
        <span className="print:hidden">
          <CopyButton label="Copy the hash" text={auditHead} />
        </span>
      </p>
      <ol className="list-decimal pl-5">
        <li>
          Open Audit in LedgerBridge, choose the company, and put the hash under “A hash kept from
          earlier”.
        </li>
        <li>
          Press “Verify chain”. If it says intact, no entry written before this page was made has
          been changed, inserted or taken away since.
        </li>
        <li>
          By the API it is the query <code className="font-mono text-xs">verifyAuditChain</code>{' '}
          with <code className="font-mono text-xs">expectedHead</code>.
        </li>
      </ol>
    </section>
  );
}
