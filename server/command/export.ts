import { z } from 'zod';
import type { Bridge } from './bridge.ts';
import { companyNamed } from './company-names.ts';
import { controlTotal, controlTotalParts, money } from './control-totals.ts';
import { everyPage, pageOf } from './pages.ts';

const report = z.object({
  company: z.object({ id: z.string(), name: z.string() }),
  from: z.string(),
  to: z.string(),
  computedAt: z.string(),
  build: z.string(),
  auditHead: z.string(),
  controlTotals: z.array(controlTotal),
  residual: z.array(z.object({ reason: z.string(), amount: money, invoiceCount: z.int() })),
});

const evidenceDocument = `query Evidence($companyId: ID!, $from: Date!, $to: Date!) {
  evidenceReport(companyId: $companyId, from: $from, to: $to) { company { id name } from to computedAt build auditHead
    controlTotals { ${controlTotalParts} }
    residual { reason amount { amount currency } invoiceCount } } }`;

/** The accountant's proof of a period: what `verify-audit` can be asked to find again later. */
export async function evidence(
  bridge: Bridge,
  wishes: { readonly company: string; readonly from: string; readonly to: string },
): Promise<z.infer<typeof report>> {
  const { id: companyId } = await companyNamed(bridge, wishes.company);
  const variables = { companyId, from: wishes.from, to: wishes.to };
  const { evidenceReport } = await bridge.ask(
    evidenceDocument,
    variables,
    z.object({ evidenceReport: report }),
  );
  return evidenceReport;
}

const side = z.object({ externalId: z.string(), total: money, balance: money }).nullable();
const invoice = z.object({
  number: z.string().nullable(),
  status: z.string(),
  statusReason: z.string(),
  lastInSyncAt: z.string().nullable(),
  internal: side,
  quickbooks: side,
});
const page = z.object({ invoices: pageOf(invoice) });

const parts = 'externalId total { amount currency } balance { amount currency }';
const invoicesDocument = `query Invoices($after: String, $filter: InvoiceFilter) { invoices(first: 100, after: $after, filter: $filter) {
  edges { node { number status statusReason lastInSyncAt internal { ${parts} } quickbooks { ${parts} } } }
  pageInfo { hasNextPage endCursor } } }`;

const headings = [
  'number',
  'status',
  'reason',
  'currency',
  'internal id',
  'internal total',
  'internal balance',
  'quickbooks id',
  'quickbooks total',
  'quickbooks balance',
  'last in sync',
] as const;

/** Every invoice of a company with both sides, line by line as CSV; `write` gets a page at a time. */
export async function exportInvoices(
  bridge: Bridge,
  company: string,
  write: (text: string) => void,
): Promise<void> {
  const { id } = await companyNamed(bridge, company);
  write(csvLine(headings));
  const filter = { companyIds: [id] };
  const read = async (after: string | null) =>
    (await bridge.ask(invoicesDocument, { after, filter }, page)).invoices;
  for await (const found of everyPage(read))
    write(found.map((one) => csvLine(cellsOf(one))).join(''));
}

const cellsOf = ({ internal, quickbooks, ...one }: z.infer<typeof invoice>): readonly string[] => [
  one.number ?? '',
  one.status,
  one.statusReason,
  internal?.total.currency ?? quickbooks?.total.currency ?? '',
  internal?.externalId ?? '',
  internal?.total.amount ?? '',
  internal?.balance.amount ?? '',
  quickbooks?.externalId ?? '',
  quickbooks?.total.amount ?? '',
  quickbooks?.balance.amount ?? '',
  one.lastInSyncAt ?? '',
];

/** RFC 4180. A cell that a spreadsheet would take for a formula is told to be text; amounts stay numbers. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(text: string): string {
  const isFormula = /^[=+@\t\r]/.test(text) || /^-(?![\d.]+$)/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
