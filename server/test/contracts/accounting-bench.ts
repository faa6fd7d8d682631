import type { CallOutcome } from '#core/attempt/failure.ts';
import { brandAmount, toInstant, type Version } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, Line, PartyRef } from '#core/invoice/invoice.ts';
import { markerFor } from '#core/mapping/marker.ts';
import type { NeededReference, ReferenceKind } from '#core/mapping/reference.ts';
import type {
  AccountingObject,
  AccountingWrite,
  Found,
  Seen,
  Written,
} from '#ports/accounting-system.ts';
import { aLine, anInvoice } from '../core/mapping/invoices.ts';
import type { AccountingWorld } from './accounting-world.ts';

export const limits = { deadlineMs: 10_000 };

const marker = markerFor('inv_123');
const objects = { CUSTOMER: 'Customer', ITEM: 'Item', TERMS: 'Term' } as const;
export type MakeableKind = keyof typeof objects;

export type Bench = Awaited<ReturnType<typeof createBench>>;

/** A world with an invoice ready to be made in it, and the steps every behaviour takes. */
export async function createBench(world: AccountingWorld) {
  const { system, spelling } = world;
  const read = valueOf(await system.readFacts(limits));
  const facts: QuickBooksFacts = { ...read, readAt: toInstant(0) };
  const ready = await readyInvoice(world);
  const run = Math.floor(performance.now());
  let count = 0;

  /** Grows with every use, so that numbers and names are new. */
  const next = (): number => (count += 1);
  const requestId = (): string => `contract-${run}-${next()}`;
  const write = (
    operation: AccountingWrite['operation'],
    body: string,
    object: AccountingObject = 'Invoice',
  ): AccountingWrite => ({ requestId: requestId(), object, operation, body });
  const send = (intended: AccountingWrite): Promise<CallOutcome<Written>> =>
    system.write(intended, limits);
  const spelled = (invoice: Invoice): string => spelling.create(invoice, facts, marker);
  const readById = async (id: string): Promise<Found> =>
    valueOf(await system.readInvoice(id, limits));
  const tryReference = (kind: MakeableKind, name: string): Promise<CallOutcome<Written>> =>
    send(write('CREATED', recordBody(world, facts, kind, name), objects[kind]));
  return {
    world,
    next,
    requestId,
    write,
    send,
    spelled,
    tryReference,
    read: readById,
    /** The ready invoice under a new number. */
    numbered: (): Invoice => ({ ...ready, number: `C-${next()}` }),
    make: async (invoice: Invoice): Promise<Seen> =>
      seenOf(valueOf(await send(write('CREATED', spelled(invoice))))),
    readSeen: async (id: string): Promise<Seen> => present(await readById(id)),
    create: (invoice: Invoice) => send(write('CREATED', spelled(invoice))),
    update: (seen: Seen, wanted: Partial<Invoice>, paths: readonly string[]) => {
      const whole = { ...seen.invoice, ...wanted };
      return send(write('UPDATED', spelling.update(whole, seen.raw, paths, facts, marker)));
    },
    void: (id: string, version: Version) => send(write('VOIDED', spelling.void(id, version))),
    makeReference: async (kind: MakeableKind, name: string): Promise<Written> =>
      valueOf(await tryReference(kind, name)),
  };
}

async function readyInvoice(world: AccountingWorld): Promise<Invoice> {
  const line: Line = {
    ...aLine,
    key: null,
    sideId: null,
    item: await party(world, 'ITEM', world.names.item),
    taxCode: { id: 'NON', name: 'NON' },
  };
  return {
    ...anInvoice,
    side: 'quickbooks',
    customer: await party(world, 'CUSTOMER', world.names.customer),
    terms: await party(world, 'TERMS', world.names.terms),
    lines: [line, { ...line, description: 'Second', quantity: null, unitPrice: null }],
    derived: { ...anInvoice.derived, taxTotal: brandAmount('0.00') },
  };
}

async function party(
  { system }: AccountingWorld,
  kind: ReferenceKind,
  wanted: string,
): Promise<PartyRef> {
  const found = valueOf(await system.findReferences(kind, wanted, limits));
  const [record] = found.filter((each) => each.active && each.name === wanted);
  if (record === undefined) throw new Error(`no ${kind} ${wanted}`);
  return { id: record.id, name: record.name };
}

function recordBody(
  { spelling }: AccountingWorld,
  facts: QuickBooksFacts,
  kind: MakeableKind,
  name: string,
): string {
  const needed: NeededReference = {
    kind,
    side: 'internal',
    id: 'x',
    name,
    email: kind === 'CUSTOMER' ? 'someone@example.com' : null,
    sku: kind === 'ITEM' ? 'SKU-1' : null,
  };
  if (kind === 'CUSTOMER') return spelling.customer(needed, facts.homeCurrency);
  if (kind === 'ITEM') return spelling.item(needed, facts.incomeAccountIds[0] ?? '');
  return spelling.term(needed);
}

/** The value of a call that must have worked. */
export function valueOf<Value>(outcome: CallOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`the call failed: ${JSON.stringify(outcome.failure)}`);
}

function present(found: Found): Seen {
  if ('gone' in found) throw new Error(`it is gone: ${found.gone}`);
  return found;
}

/** The invoice a write showed. */
export function seenOf(written: Written): Seen {
  if (written.seen === null) throw new Error('the write showed no invoice');
  return written.seen;
}
