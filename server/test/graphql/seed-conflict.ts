import { randomUUID } from 'node:crypto';
import { toCurrency, toInstant } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import { disputeOf, patternOf } from '#core/resolution/dispute.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { readStoredInvoice } from '#graphql/stored-invoice.ts';
import type { Bridge } from './bridge.ts';
import { invoiceContent } from './seed.ts';

/** A company whose books are open and whose QuickBooks takes our numbers. */
const openBooks: QuickBooksFacts = {
  companyName: 'Globex',
  country: 'US',
  homeCurrency: toCurrency('USD'),
  multiCurrency: false,
  customNumbers: true,
  usTax: true,
  automatedSalesTax: false,
  defaultTaxCodeId: null,
  booksClosedThrough: null,
  incomeAccountIds: ['1'],
  readAt: toInstant(0),
};

const memo: GroupMerge = {
  group: 'customerMemo',
  paths: ['customerMemo'],
  merge: 'conflict',
  lineKey: null,
};
const dates: GroupMerge = {
  group: 'issueDate',
  paths: ['issueDate', 'terms', 'dueDate'],
  merge: 'conflict',
  lineKey: null,
};

const sideOf = (side: 'internal' | 'quickbooks', number: string, more: object) =>
  readStoredInvoice({
    ...invoiceContent(side, number),
    lines: invoiceContent(side, number).lines.map((line) => ({ ...line, key: 'A1' })),
    ...more,
  });

type Seeded = { readonly companyId: string; readonly linkId: string };

/** QuickBooks has deleted the invoice of an open conflict that internal invoicing edited, and its number is free there. */
export async function seedGone({ prisma }: Bridge, conflictId: string): Promise<void> {
  const { link, linkId } = await prisma.conflict.findUniqueOrThrow({
    where: { id: conflictId },
    include: { link: { include: { internalObservation: true, quickbooksObservation: true } } },
  });
  const base = {
    internal: readStoredInvoice(link.baseInternal),
    quickbooks: readStoredInvoice(link.baseQuickbooks),
  };
  const now = {
    internal: readStoredInvoice(link.internalObservation?.content),
    quickbooks: { ...base.quickbooks, existence: 'deleted' as const },
  };
  const numberThere = { number: now.internal.number, takenBy: null };
  const dispute = { ...disputeOf(base, existence, now, undefined), numberThere };
  await prisma.observation.updateMany({
    where: { linkId, side: 'QUICKBOOKS' },
    data: { content: JSON.parse(JSON.stringify(now.quickbooks)) },
  });
  await prisma.conflict.update({
    where: { id: conflictId },
    data: { fields: JSON.parse(JSON.stringify([dispute])), paths: [...dispute.disputed] },
  });
}

const existence: GroupMerge = {
  group: 'existence',
  paths: ['existence'],
  merge: 'conflict',
  lineKey: null,
};

/** Both sides changed the note, and the due date, of a settled invoice; or a rule has settled the note. */
export async function seedConflict(
  { prisma }: Bridge,
  { companyId, linkId }: Seeded,
  { isRuled = false, amountAtStake = '0' }: { isRuled?: boolean; amountAtStake?: string } = {},
): Promise<string> {
  const { number } = await prisma.link.findUniqueOrThrow({ where: { id: linkId } });
  const name = number ?? '';
  const base = {
    internal: sideOf('internal', name, {}),
    quickbooks: sideOf('quickbooks', name, {}),
  };
  const now = {
    internal: sideOf('internal', name, {
      customerMemo: 'Ours',
      dueDate: '2026-12-24',
      modifiedAt: Date.parse('2026-11-21T08:00:00Z'),
      modifiedBy: 'Iris',
    }),
    quickbooks: sideOf('quickbooks', name, {
      customerMemo: 'Theirs',
      dueDate: '2026-12-31',
      modifiedAt: Date.parse('2026-11-21T09:00:00Z'),
    }),
  };
  const merges = isRuled ? [memo] : [memo, dates];
  const ruled = isRuled ? ({ rule: 'INTERNAL_WINS', outcome: 'take-internal' } as const) : {};
  const disputes = merges.map((merge) => ({ ...disputeOf(base, merge, now, undefined), ...ruled }));
  const shown = isRuled ? { ...now, quickbooks: { ...now.quickbooks, customerMemo: 'Ours' } } : now;
  for (const side of ['internal', 'quickbooks'] as const) {
    await prisma.observation.updateMany({
      where: { linkId, side: side === 'internal' ? 'INTERNAL' : 'QUICKBOOKS' },
      data: { content: JSON.parse(JSON.stringify(shown[side])) },
    });
  }
  await prisma.company.update({
    where: { id: companyId },
    data: { quickbooksFacts: JSON.parse(JSON.stringify(openBooks)) },
  });
  const id = randomUUID();
  await prisma.conflict.create({
    data: {
      id,
      companyId,
      linkId,
      status: isRuled ? 'RESOLVED' : 'OPEN',
      fields: JSON.parse(JSON.stringify(disputes)),
      amountAtStake,
      pattern: patternOf(disputes),
      paths: disputes.flatMap(({ disputed }) => disputed),
      detectedAt: new Date('2026-11-21T10:00:00Z'),
      endedAt: isRuled ? new Date('2026-11-21T10:00:00Z') : null,
    },
  });
  const openConflictId = isRuled ? null : id;
  await prisma.link.update({
    where: { id: linkId },
    data: {
      openConflictId,
      baseInternal: JSON.parse(JSON.stringify(isRuled ? shown.internal : base.internal)),
      baseQuickbooks: JSON.parse(JSON.stringify(isRuled ? shown.quickbooks : base.quickbooks)),
    },
  });
  return id;
}
