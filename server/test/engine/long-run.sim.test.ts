import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { foldedAudit, linkStates } from '../support/audit-fold.ts';
import {
  decidedAgain,
  isPaymentDecidedAgain,
  decisionsOf,
  outcomeOf,
} from '../support/decide-again.ts';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { twoPeople } from '../support/two-people.ts';
import { createWorld, type World } from '../support/world.ts';

const seed = process.env['LONG_RUN_SEED'] ?? 'two people, one week';
const edits = 240;
const editsBetweenDrains = 8;

let world: World;

/** A few hundred edits on both sides with everything that goes wrong on the way; what follows reads what they left. */
beforeAll(async () => {
  world = await createWorld({ quickbooksTells: true });
  const edit = twoPeople(world, seed);
  for (let done = 0; done < edits; done += editsBetweenDrains) {
    await world.quickbooks.faults(faultsOf(done / editsBetweenDrains));
    for (let count = 0; count < editsBetweenDrains; count += 1) await edit();
    await world.drainUntilSettled();
    if (done % (editsBetweenDrains * 5) === 0) await sendRoundAgain();
  }
  await payOnBothSides();
}, 180_000);

afterAll(() => world.close());

/** Whatever chance brought about before, one invoice at the end is paid a part on each side. */
async function payOnBothSides(): Promise<void> {
  await world.quickbooks.faults([]);
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  const { Id } = await counterpartOf(world, id);
  await world.invoicing.human({ action: 'pay', id, amount: '10.00' });
  await world.quickbooks.human({ action: 'pay', invoices: [{ id: Id, amount: 20 }] });
  await world.drainUntilSettled();
}

/** Now and then an answer is lost, refused as stale, or throttled. */
const faultsOf = (round: number): readonly object[] => {
  const effects = [
    { effect: 'drop-after', times: 1 },
    { effect: 'fault-after', params: { status: 500 }, times: 1 },
    { effect: 'stale', times: 1 },
  ];
  const of = (entity: string, operation: string, place: number): readonly object[] => {
    const effect = effects[place];
    return effect === undefined ? [] : [{ match: { entity, operation }, ...effect }];
  };
  return [
    ...of('Invoice', 'update', round % 6),
    ...of('Payment', 'create', (round + 1) % 4),
    ...of('Payment', 'update', (round + 2) % 5),
  ];
};

const letter = z.object({ id: z.string(), version: z.number() });

/** An operator replays one dead letter and discards another. */
async function sendRoundAgain(): Promise<void> {
  const [first, second] = await world.rows(
    letter,
    `SELECT id, version FROM dead_letter WHERE status = 'OPEN' ORDER BY died_at`,
  );
  const operator = operatorOf(world);
  if (first !== undefined)
    await operator.replayDeadLetter({
      deadLetterId: first.id,
      expectedVersion: first.version,
      confirmInvoiceNumber: null,
    });
  if (second !== undefined)
    await operator.discardDeadLetter({
      deadLetterId: second.id,
      expectedVersion: second.version,
      reason: 'Not worth it.',
    });
  await world.drainUntilSettled();
}

const counts = z.record(z.string(), z.number());

test('the run went through what it is meant to go through', async () => {
  const [reached] = await world.rows(
    counts,
    `SELECT (SELECT count(*)::int FROM attempt) AS attempts,
       (SELECT count(*)::int FROM intent WHERE side = 'INTERNAL') AS "to internal",
       (SELECT count(*)::int FROM intent WHERE side = 'QUICKBOOKS') AS "to QuickBooks",
       (SELECT count(*)::int FROM payment) AS payments,
       (SELECT count(*)::int FROM intent WHERE evidence IS NOT NULL) AS "settled by evidence",
       (SELECT count(*)::int FROM conflict) AS conflicts,
       (SELECT count(*)::int FROM dead_letter) AS "dead letters",
       (SELECT count(*)::int FROM dead_letter WHERE status = 'DISCARDED') AS discarded`,
  );

  for (const [what, count] of Object.entries(reached ?? {}))
    expect(count, `${what} with seed ${seed}`).toBeGreaterThan(0);
});

describe('every decision that was kept', () => {
  test('gives the same outcome when it is decided again from nothing but what was stored', async () => {
    const decisions = await decisionsOf(world);

    for (const each of decisions) {
      const { merges, wanted, wantedInternal } = each.decision;
      expect(plain(outcomeOf(decidedAgain(each))), `attempt ${each.id} with seed ${seed}`).toEqual(
        plain({ merges, wanted, wantedInternal }),
      );
    }
    const undecided = decisions.filter((each) => !isPaymentDecidedAgain(each));
    expect(undecided, `payments with seed ${seed}`).toEqual([]);
    expect(decisions.length).toBeGreaterThan(edits / 2);
  });

  test('has a context, and the contexts are few', async () => {
    const [found] = await world.rows(
      z.object({ without: z.number(), contexts: z.number() }),
      `SELECT (SELECT count(*)::int FROM attempt a WHERE a.decision IS NOT NULL AND a.decision->>'context' IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM decision_context c WHERE c.hash = a.decision->>'context')) AS without,
         (SELECT count(*)::int FROM decision_context) AS contexts`,
    );

    expect(found).toEqual({ without: 0, contexts: 1 });
  });

  test('weighs little: what was seen is named, not repeated', async () => {
    const weights = (await decisionsOf(world)).map(({ weight }) => weight);

    expect(Math.max(...weights)).toBeLessThan(12_000);
  });
});

/** Without what JSON does not hold. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

test('every invoice whose payments nobody disputes got the same money on both sides, each payment once', async () => {
  const paid = await world.rows(
    z.object({ id: z.string(), here: z.array(z.string()), there: z.array(z.string()) }),
    `SELECT k.id,
       ARRAY(SELECT p->>'amount' FROM jsonb_array_elements(i.content->'payments') p ORDER BY 1) AS here,
       ARRAY(SELECT a->>'amount' FROM quickbooks_payment q CROSS JOIN LATERAL jsonb_array_elements(q.content->'applications') a
         WHERE q.company_id = k.company_id AND a->>'invoiceId' = k.quickbooks_id AND q.content->>'existence' = 'present' ORDER BY 1) AS there
     FROM link k JOIN observation i ON i.id = k.internal_observation_id
     WHERE k.status IN ('IN_SYNC', 'CONFLICT') AND i.content->>'existence' = 'present' AND NOT EXISTS (
       SELECT 1 FROM conflict c CROSS JOIN LATERAL jsonb_array_elements(c.fields) f
       WHERE c.id = k.open_conflict_id AND f->>'group' IN ('payment', 'existence'))
       AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.link_id = k.id AND d.status = 'DISCARDED')`,
  );

  expect(paid.some(({ here }) => here.length > 0)).toBe(true);
  for (const { id, here, there } of paid) expect(there, `${id} with seed ${seed}`).toEqual(here);
  const requests = (await world.quickbooks.mutations()).flatMap(({ requestId }) => requestId ?? []);
  expect(new Set(requests).size).toBe(requests.length);
});

describe('the audit trail', () => {
  test('folded from its first entry gives every link’s status and base again', async () => {
    const { links, breaks } = await foldedAudit(world);

    expect(breaks, `with seed ${seed}`).toEqual([]);
    for (const [id, state] of await linkStates(world))
      expect(links.get(id), `link ${id} with seed ${seed}`).toEqual(state);
  });

  test('holds from end to end', async () => {
    expect(await world.brokenAudit()).toEqual([]);
  });
});
