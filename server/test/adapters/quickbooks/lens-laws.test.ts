import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, InvoiceContent, PartyRef } from '#core/invoice/invoice.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { isSameField } from '#core/mapping/field-map.ts';
import { quickBooksSpelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { recordedInvoices, type RecordedInvoice } from '../../recorded.ts';
import {
  changedLines,
  header,
  headerPaths,
  lineContent,
  type HeaderPath,
  type HeaderValues,
} from './arbitraries.ts';
import { auFacts, decoded, usFacts } from './examples.ts';

const recorded = recordedInvoices();
const factsOf = ({ company }: RecordedInvoice) => (company.includes('-au-') ? auFacts : usFacts);

const bodyOf = (text: string): JsonObject => {
  const body: unknown = JSON.parse(text);
  if (!isJsonObject(body)) throw new Error('a body is an object');
  return body;
};

const linesOf = (document: JsonObject): readonly JsonObject[] => {
  const lines = document['Line'];
  return Array.isArray(lines) ? lines.filter(isJsonObject) : [];
};

/** Ids for lines that have none, as QuickBooks gives them. */
const withIds = (lines: readonly JsonObject[]): readonly Json[] =>
  lines.map((line, position) => ('Id' in line ? line : { ...line, Id: `n${position}` }));

/** QuickBooks taking a change: a sparse one lays its properties over the document, a full one replaces it (quickbooks.md §2.5). */
function taken(raw: JsonObject, body: JsonObject): JsonObject {
  const computed = ['Id', 'SyncToken', 'MetaData', 'TotalAmt', 'Balance'];
  const kept = Object.entries(raw).filter(
    ([name]) => body['sparse'] === true || computed.includes(name),
  );
  const next = { ...Object.fromEntries(kept), ...body };
  return { ...next, Line: withIds(linesOf(next)) };
}

const taxCodesOf = (raw: JsonObject, facts: QuickBooksFacts): readonly PartyRef[] => {
  if (!facts.usTax) return ['10', '26'].map((id) => ({ id, name: id }));
  const detail = raw['TxnTaxDetail'];
  const whole = isJsonObject(detail) && 'TxnTaxCodeRef' in detail ? '2' : 'TAX';
  return [whole, 'NON'].map((id) => ({ id, name: id }));
};

type Change = {
  readonly each: RecordedInvoice;
  readonly facts: QuickBooksFacts;
  readonly invoice: Invoice;
  readonly wanted: Invoice;
  readonly paths: readonly string[];
  readonly marker: string | null;
};

const isHeader = (path: string): path is HeaderPath => path !== 'lines';
const picked = (values: HeaderValues, paths: readonly HeaderPath[]): Partial<HeaderValues> =>
  Object.fromEntries(paths.map((path) => [path, values[path]]));

/** Any recorded invoice with any change to any of its fields. */
const change: fc.Arbitrary<Change> = fc.constantFrom(...recorded).chain((each) => {
  const facts = factsOf(each);
  const invoice = decoded(each.raw, facts);
  const content = lineContent(facts, taxCodesOf(each.raw, facts));
  return fc
    .record({
      values: header,
      lines: changedLines(invoice.lines, content),
      moved: fc.subarray([...headerPaths, 'lines' as const]),
      marker: fc.constantFrom(null, 'LedgerBridge inv_1'),
    })
    .map(({ values, lines, moved, marker }) => {
      const withLines = moved.includes('lines') ? { lines } : {};
      return {
        each,
        facts,
        invoice,
        wanted: { ...invoice, ...picked(values, moved.filter(isHeader)), ...withLines },
        paths: moved,
        marker,
      };
    });
});

const update = ({ wanted, each, paths, facts, marker }: Change): JsonObject =>
  bodyOf(quickBooksSpelling.update(wanted, each.raw, paths, facts, marker));

const fields = [...headerPaths, 'currency', 'exchangeRate', 'taxInclusive'] as const;
const lineFields = [
  'item',
  'description',
  'quantity',
  'unitPrice',
  'amount',
  'taxCode',
  'serviceDate',
] as const;

/** Paths on which two invoices differ, each judged as the field map says. */
function differences(one: InvoiceContent, other: InvoiceContent): readonly string[] {
  const context = { currency: one.currency, defaultTaxCodeId: null, lines: null };
  const ofHeader = fields.filter((path) => !isSameField(path, one[path], other[path], context));
  if (one.lines.length !== other.lines.length) return [...ofHeader, 'lines'];
  const ofLines = one.lines.flatMap((left, position) => {
    const right = other.lines[position];
    if (right === undefined) return [];
    return lineFields
      .filter((field) => {
        const path = `lines[key=${position}].${field}`;
        const lines = { left, right };
        return !isSameField(path, left[field], right[field], { ...context, lines });
      })
      .map((field) => `lines[${position}].${field}`);
  });
  return [...ofHeader, ...ofLines];
}

describe('the codec is a lens', () => {
  test('what is put is got: a change arrives as it was wanted, field by field', () => {
    fc.assert(
      fc.property(change, (each) => {
        const after = decoded(taken(each.each.raw, update(each)), each.facts);

        expect(differences(after, each.wanted)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test('what is got may be put back: writing every field as it is changes nothing', () => {
    for (const { company, raw } of recorded) {
      const facts = factsOf({ company, raw });
      const invoice = decoded(raw, facts);
      const paths = [...headerPaths, 'lines', 'taxInclusive'];
      const note = invoice.counterpartId;
      const body = bodyOf(quickBooksSpelling.update(invoice, raw, paths, facts, note));

      const after = decoded(taken(raw, body), facts);
      expect(differences(after, invoice)).toEqual([]);
      const sold = linesOf(raw).filter((line) => line['DetailType'] !== 'SubTotalLineDetail');
      expect(linesOf(body).length === 0 ? sold : linesOf(body)).toEqual(sold);
    }
  });

  test('without any path nothing but the version goes out', () => {
    for (const { company, raw } of recorded) {
      const facts = factsOf({ company, raw });
      const body = quickBooksSpelling.update(decoded(raw, facts), raw, [], facts, null);

      expect(bodyOf(body)).toEqual({ sparse: true, Id: raw['Id'], SyncToken: raw['SyncToken'] });
    }
  });

  test('the last put counts: two changes of the same fields are the second one', () => {
    fc.assert(
      fc.property(change, header, (first, values) => {
        const paths = first.paths.filter(isHeader);
        const wanted = (from: HeaderValues): Invoice => ({
          ...first.invoice,
          ...picked(from, paths),
        });
        const second = { ...first, paths, wanted: wanted(values) };
        const raw = taken(
          first.each.raw,
          update({ ...first, paths, wanted: wanted(first.wanted) }),
        );

        const twice = taken(raw, update({ ...second, each: { ...first.each, raw } }));
        const once = taken(first.each.raw, update(second));
        expect(differences(decoded(twice, first.facts), decoded(once, first.facts))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what the bridge does not understand', () => {
  const carried: readonly JsonObject[] = [
    {
      Id: '77',
      LineNum: 2,
      Description: 'A bundle',
      Amount: 12.5,
      DetailType: 'GroupLineDetail',
      GroupLineDetail: {
        GroupItemRef: { value: '9' },
        Quantity: 1,
        Line: [
          { Id: '78', Amount: 12.5, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: {} },
        ],
      },
    },
  ];
  const unknown: JsonObject = {
    ProjectRef: { value: '393363026' },
    DepartmentRef: { value: '4' },
    CustomField: [{ DefinitionId: '1', Name: 'Crew #', Type: 'StringType', StringValue: '104' }],
    SomethingOfNextYear: { of: ['any', 'shape'] },
  };
  const lineUnknown = (line: JsonObject) => ({
    LinkedTxn: line['LinkedTxn'],
    CustomExtensions: line['CustomExtensions'],
    ...partsOf(line['SalesItemLineDetail']),
  });
  const partsOf = (detail: Json | undefined) =>
    isJsonObject(detail) ? { ClassRef: detail['ClassRef'], MarkupInfo: detail['MarkupInfo'] } : {};

  test('survives every change of the rest: bundles, links, projects, classes, fields of next year', () => {
    fc.assert(
      fc.property(change, (each) => {
        const [first, ...rest] = linesOf(each.each.raw);
        const lines = [first, ...carried, ...rest].filter((line) => line !== undefined);
        const raw: JsonObject = { ...each.each.raw, ...unknown, Line: lines };
        const body = update({ ...each, each: { ...each.each, raw } });
        const after = taken(raw, body);

        for (const name of Object.keys(unknown)) expect(after[name]).toEqual(raw[name]);
        const bundle = linesOf(after).find((line) => line['Id'] === '77');
        expect({ ...bundle, LineNum: 2 }).toEqual(carried[0]);
        for (const line of linesOf(after)) {
          const before = lines.find(({ Id }) => Id !== undefined && Id === line['Id']);
          const isSale = line['DetailType'] === 'SalesItemLineDetail';
          if (before !== undefined && isSale)
            expect(lineUnknown(line)).toEqual(lineUnknown(before));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a write names only the properties its fields live in', () => {
    fc.assert(
      fc.property(change, (each) => {
        const body = update(each);
        if (body['sparse'] !== true) return;
        const allowed = new Set([
          'sparse',
          'Id',
          'SyncToken',
          ...each.paths.flatMap((path) => propertiesByPath[path] ?? []),
        ]);

        expect(Object.keys(body).filter((name) => !allowed.has(name))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

const propertiesByPath: Readonly<Record<string, readonly string[]>> = {
  number: ['DocNumber'],
  customer: ['CustomerRef', 'TxnTaxDetail'],
  billEmail: ['BillEmail'],
  billTo: ['BillAddr'],
  issueDate: ['TxnDate'],
  dueDate: ['DueDate'],
  terms: ['SalesTermRef'],
  poNumber: ['PONumber'],
  customerMemo: ['CustomerMemo'],
  privateNote: ['PrivateNote'],
  discount: ['Line', 'TxnTaxDetail', 'ApplyTaxAfterDiscount'],
  lines: ['Line', 'TxnTaxDetail'],
};
