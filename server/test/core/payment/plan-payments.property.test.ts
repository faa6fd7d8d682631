import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  type Arbitrary,
} from 'fast-check';
import { expect, test } from 'vitest';
import { moneyOf } from '#core/money/money.ts';
import {
  after,
  amount,
  applicationsOf,
  content,
  dollars,
  paid,
  payment,
  plan,
  remembering,
  type Books,
} from './books.ts';

type Act =
  | {
      readonly kind: 'pay' | 'edit';
      readonly internal: boolean;
      readonly which: number;
      readonly cents: number;
      readonly day: number;
    }
  | { readonly kind: 'unpay'; readonly internal: boolean; readonly which: number }
  /** The bridge makes up to so many writes before the next act. */
  | { readonly kind: 'bridge'; readonly writes: number };

const which = nat(3);
const cents = constantFrom(10_00, 20_00, 25_00, 60_00);
const act: Arbitrary<Act> = oneof(
  record({
    kind: constantFrom('pay' as const, 'edit' as const),
    internal: boolean(),
    which,
    cents,
    day: integer({ min: 1, max: 9 }),
  }),
  record({ kind: constant('unpay' as const), internal: boolean(), which }),
  record({ kind: constant('bridge' as const), writes: nat(3) }),
);

const total = amount(100_00);
const limit = moneyOf(total, dollars).minor;
const fits = (books: Books): boolean =>
  paid(books, 'internal') <= limit && paid(books, 'quickbooks') <= limit;

/** A person's act, which no side lets go below zero. */
function acted(books: Books, step: Exclude<Act, { kind: 'bridge' }>, id: string): Books {
  const next = step.internal ? actedHere(books, step, id) : actedThere(books, step, id);
  return fits(next) ? next : books;
}

function actedHere(books: Books, step: Exclude<Act, { kind: 'bridge' }>, id: string): Books {
  if (step.kind === 'pay')
    return {
      ...books,
      internal: [...books.internal, { id, content: content(step.cents, step.day) }],
    };
  const chosen = books.internal[step.which];
  const rest = books.internal.filter((one) => one !== chosen);
  if (chosen === undefined || step.kind === 'unpay') return { ...books, internal: rest };
  return { ...books, internal: [...rest, { ...chosen, content: content(step.cents, step.day) }] };
}

function actedThere(books: Books, step: Exclude<Act, { kind: 'bridge' }>, id: string): Books {
  if (step.kind === 'pay')
    return {
      ...books,
      quickbooks: [...books.quickbooks, payment(id, content(step.cents, step.day))],
    };
  const chosen = books.quickbooks[step.which];
  const rest = books.quickbooks.filter((one) => one !== chosen);
  if (chosen === undefined || step.kind === 'unpay') return { ...books, quickbooks: rest };
  const { marker } = chosen;
  const edited = payment(chosen.id, content(step.cents, step.day), { marker });
  return { ...books, quickbooks: [...rest, edited] };
}

const writesMax = 60;

/** Lets the bridge write up to so often; checks every state it brings about. */
function bridged(books: Books, writes: number, ids: () => string): Books {
  let now = books;
  for (let made = 0; made < writes; made += 1) {
    const decided = plan(now);
    now = remembering(now, decided);
    const [step] = decided.steps;
    if (step === undefined) return now;
    now = after(now, step, ids());
    expect(fits(now), `${step.kind} in ${step.side} took a balance below zero`).toBe(true);
    const once = (list: readonly string[]) => expect(new Set(list).size).toBe(list.length);
    once(now.pairs.map(({ internalId }) => internalId));
    once(now.pairs.map(({ quickbooksId }) => quickbooksId));
    const marks = now.quickbooks.flatMap(({ marker }) => marker ?? []);
    once(marks);
  }
  return now;
}

test('no history of payments applies one twice, takes a balance below zero, or goes on for ever', () => {
  assert(
    property(array(act, { minLength: 1, maxLength: 14 }), (acts) => {
      let next = 0;
      const ids = (): string => `p${(next += 1)}`;
      let books: Books = { total, internal: [], quickbooks: [], pairs: [] };
      for (const each of acts)
        books =
          each.kind === 'bridge' ? bridged(books, each.writes, ids) : acted(books, each, ids());
      books = bridged(books, writesMax, ids);
      const { steps, disputes } = plan(books);
      expect(steps).toEqual([]);
      if (disputes.length > 0) return;
      const amounts = (held: readonly { content: { amount: string } }[]): readonly string[] =>
        held.map((one) => one.content.amount).toSorted((one, other) => one.localeCompare(other));
      expect(amounts(applicationsOf(books))).toEqual(amounts(books.internal));
    }),
    { numRuns: 3_000 },
  );
});
