import { addDecimals } from './add-decimals.ts';
import type { BookInvoice, FaultRule, Mutation, ReceivedRequest, Webhooks, Worker } from './lab.ts';

/** Everything read from the two simulators since the page opened; LedgerBridge itself is not asked. */
export type Evidence = {
  readonly quickbooksWrites: readonly Mutation[];
  readonly internalWrites: readonly Mutation[];
  readonly requests: readonly ReceivedRequest[];
  readonly internalInvoices: readonly BookInvoice[];
  readonly quickbooksInvoices: readonly BookInvoice[];
  readonly webhooks: { readonly quickbooks: Webhooks; readonly invoicing: Webhooks };
  /** What QuickBooks is told to do wrong, first that fires first. */
  readonly faults: readonly FaultRule[];
  readonly worker: Worker;
};

/** What the evidence comes to. */
export type Proof = {
  /** Changes that people made, on both sides. */
  readonly changeCount: number;
  /** Deliveries that LedgerBridge acknowledged, copies included. */
  readonly toldCount: number;
  /** Invoices that stand in both books. */
  readonly pairCount: number;
  /** Pairs whose totals differ now: on their way, or waiting for a person. */
  readonly apartCount: number;
  /** Writes that took effect in QuickBooks, and the intents they were made for. */
  readonly writeCount: number;
  readonly intentCount: number;
  /** "1.000" unless something was written twice; null before the first write. */
  readonly writesPerIntent: string | null;
  /** Intents written more than once, and invoices copied more than once. */
  readonly duplicateCount: number;
  /** Requests that QuickBooks received for those writes, repeats included. */
  readonly attemptCount: number;
  readonly faultCount: number;
  readonly internalTotal: string;
  readonly quickbooksTotal: string;
};

/** Adds it all up. */
export function proofOf(evidence: Evidence): Proof {
  const writes = evidence.quickbooksWrites.filter(
    ({ actor, requestId }) => actor === 'api' && requestId !== null,
  );
  const byIntent = Map.groupBy(writes, ({ requestId }) => requestId);
  const pairs = pairsOf(evidence);
  const twice = [...byIntent.values()].filter(({ length }) => length > 1).length;
  return {
    changeCount: [...evidence.quickbooksWrites, ...evidence.internalWrites].filter(
      ({ actor }) => actor === 'human',
    ).length,
    toldCount:
      evidence.webhooks.quickbooks.counts.acknowledged +
      evidence.webhooks.invoicing.counts.acknowledged,
    pairCount: pairs.length,
    apartCount: pairs.filter(({ internal, copies }) => internal.total !== copies[0]?.total).length,
    writeCount: writes.length,
    intentCount: byIntent.size,
    writesPerIntent: byIntent.size === 0 ? null : ratio(writes.length, byIntent.size),
    duplicateCount: twice + pairs.filter(({ copies }) => copies.length > 1).length,
    attemptCount: evidence.requests.filter(({ requestId }) => requestId !== null).length,
    faultCount: evidence.requests.filter(({ fault }) => fault !== null && fault !== 'latency')
      .length,
    internalTotal: addDecimals(pairs.map(({ internal }) => internal.total)),
    quickbooksTotal: addDecimals(pairs.flatMap(({ copies }) => copies.map(({ total }) => total))),
  };
}

/** Three places, cut and never rounded: 1,001 writes for 1,000 intents must not read as one each. */
function ratio(writes: number, intents: number): string {
  const thousandths = Math.floor((writes * 1_000) / intents);
  const shown = writes > intents && thousandths === 1_000 ? 1_001 : thousandths;
  return `${Math.floor(shown / 1_000)}.${String(shown % 1_000).padStart(3, '0')}`;
}

type Pair = { readonly internal: BookInvoice; readonly copies: readonly BookInvoice[] };

/** A QuickBooks copy names its original in a mark of its private note. */
function pairsOf({ internalInvoices, quickbooksInvoices }: Evidence): readonly Pair[] {
  const copiesOf = Map.groupBy(
    quickbooksInvoices.filter(({ mark }) => mark !== null),
    ({ mark }) => mark,
  );
  return internalInvoices.flatMap((internal) => {
    const copies = copiesOf.get(internal.id) ?? [];
    return copies.length === 0 ? [] : [{ internal, copies }];
  });
}
