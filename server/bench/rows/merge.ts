import { toLineKey } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { mergeInvoice, type MergeInputs } from '#core/merge/merge-invoice.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../../test/core/documents.ts';
import { perSecond, spreadOf, roundsOf } from '../harness/rounds.ts';
import { atLeast, type Row } from '../harness/row.ts';

const lines = 20;
const roundMs = 600;

/** Twenty lines, of which each side moved one, and a memo that one side moved. */
function inputs(): MergeInputs {
  const [line] = unpaidInvoice.lines;
  if (line === undefined) throw new Error('the invoice has no line');
  const agreed: Invoice = {
    ...unpaidInvoice,
    lines: Array.from({ length: lines }, (_, place) => ({
      ...line,
      key: toLineKey(`line-${place}`),
      sideId: `l${place}`,
      description: `Rack unit ${place}`,
    })),
  };
  const internal: Invoice = { ...described(agreed, 3), customerMemo: 'Thank you very much' };
  const theirs = quickbooksTwin(agreed);
  return {
    base: { internal: agreed, quickbooks: theirs },
    internal,
    internalTranslated: translated(internal),
    quickbooks: described(theirs, 11),
    defaultTaxCodeId: null,
  };
}

const described = <Document extends Invoice>(document: Document, moved: number): Document => ({
  ...document,
  lines: document.lines.map((line, place) =>
    place === moved ? { ...line, description: 'Moved' } : line,
  ),
});

export const merge: Row = {
  number: '16',
  name: 'merge',
  title: 'Pure merge of one invoice with 20 lines',
  method:
    'core/merge/merge-invoice.ts in a loop on one core; both sides moved one line each and one of them a memo, so that nothing is short-cut by equality.',
  measure: async () => {
    const asked = inputs();
    const rates = Array.from({ length: roundsOf }, () =>
      perSecond(() => void mergeInvoice(asked), roundMs),
    );
    return [
      {
        what: 'Pure merge of an invoice with 20 lines',
        goal: atLeast(20_000, ' /s'),
        value: spreadOf(rates),
        unit: '/s',
        detail: 'one core',
      },
    ];
  },
};
