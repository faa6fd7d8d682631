import { isGone } from '#core/invoice/invoice.ts';
import { isAsMeantAt } from '#core/merge/same.ts';
import type { Side } from '#core/side.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { OpenIntent } from '#ports/store.ts';
import { neverFilled, wantedOn, writesTo } from './arrival.ts';
import type { Crossing } from './crossing.ts';
import { keyed } from './observe.ts';

/** As a side shows it, its lines under the keys they were sent with. */
export const keyedAsSent = ({ decision, side }: OpenIntent, { raw, invoice }: Seen): Seen => ({
  raw,
  invoice: keyed(invoice, wantedOn(decision, side)?.lines ?? []),
});

/** By the same comparators that planning uses: a side keeps many a value in its own spelling. */
export function isAsMeant({ facts }: Crossing, intent: OpenIntent, { invoice }: Seen): boolean {
  if (intent.operation === 'VOIDED') return isGone(invoice);
  const { decision, side, restsOnVersion } = intent;
  const wanted = wantedOn(decision, side);
  const defaultTaxCodeId = side === 'quickbooks' ? facts.defaultTaxCodeId : null;
  const creates = intent.operation === 'CREATED' ? neverFilled : [];
  return (
    invoice.version !== restsOnVersion &&
    (wanted === null ||
      [...writesTo(decision, side).map(({ path }) => path), ...creates].every((path) =>
        isAsMeantAt(path, wanted, invoice, { defaultTaxCodeId }),
      ))
  );
}

/**
 * Which of several creates of one document made the one that was found: each was sent, and what it was decided on is what
 * both sides agree on. The newest whose content it shows; where none is as it was meant, a person has changed it since, and
 * the oldest takes away nothing that anybody said: whatever came later counts as moved (invariant I11).
 */
export function makerOf(
  crossing: Crossing,
  creates: readonly OpenIntent[],
  side: Side,
  found: Seen,
): OpenIntent | null {
  const there = creates.filter((create) => create.side === side);
  const shown = there.findLast(
    (create) =>
      create.decision[side === 'quickbooks' ? 'wanted' : 'wantedInternal']?.lines.length ===
        found.invoice.lines.length && isAsMeant(crossing, create, keyedAsSent(create, found)),
  );
  return shown ?? there[0] ?? null;
}
