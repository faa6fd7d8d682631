import type { ReplaySafety } from '#core/attempt/replay-verdict.ts';
import { toCurrency } from '#core/brand.ts';
import type { Amount } from '#core/brand.ts';
import { amountOf, parseAmount, sum } from '#core/money/money.ts';
import type { Caller } from '#ports/access.ts';
import type { DeadLetterSelection, SelectedDeadLetter } from '#ports/bulk.ts';
import type { Refusal, RequestOutcome } from '#ports/change-requests.ts';
import { acceptBulk, bulkLimits, whyNotThese } from './accept-bulk.ts';
import { answerOnce, type Ask, type Desk } from './change-request.ts';

export type ReplayDeadLetters = {
  readonly selection: DeadLetterSelection;
  readonly expectedCount: number;
  readonly ratePerMinute: number;
};

/** What a bulk replay would do. */
export type ReplayPlan = {
  readonly count: number;
  readonly bySafety: readonly {
    readonly safety: ReplaySafety;
    readonly count: number;
  }[];
  readonly amounts: readonly { readonly currency: string; readonly amount: Amount }[];
  readonly estimatedSeconds: number;
};

/** Replays a minute where nobody says otherwise (contract, ReplayDeadLettersInput). */
const ratePerMinuteDefault = 60;

/** Sends many dead letters round again, one by one at the given rate; RISKY and POINTLESS ones are left out. */
export const replayDeadLetters = (
  desk: Desk,
  ask: Ask<ReplayDeadLetters>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'replayDeadLetters', ask, async (rows) => {
    const { selection, expectedCount, ratePerMinute } = ask.input;
    const wrongRate = whyNotRate(ratePerMinute);
    if (wrongRate !== null) return wrongRate;
    const { companyIds } = ask.caller;
    const chosen = await rows.selectDeadLetters(selection, companyIds, bulkLimits.itemsMax + 1);
    const refusal = whyNotThese(chosen, expectedCount, 'dead letters');
    if (refusal !== null) return refusal;
    const { kind, id, name } = ask.caller;
    const bulk = {
      id: desk.ids.next(),
      kind: 'REPLAY_DEAD_LETTERS',
      label: `Replay of ${chosen.length} dead ${chosen.length === 1 ? 'letter' : 'letters'}`,
      parameters: {},
      ratePerMinute,
      caller: { kind, id, name },
      idempotencyKey: ask.idempotencyKey,
      correlationId: ask.correlationId,
      items: chosen.map((letter) => ({
        companyId: letter.companyId,
        subjectId: letter.id,
        version: letter.version,
        leftOut: whyLeftOut(letter),
      })),
    } as const;
    const [companyId] = await acceptBulk(rows, ask, bulk, null);
    if (companyId === undefined) throw new Error('a bulk replay was accepted for no company');
    return { companyId, subjectId: bulk.id, eventId: null, undoToken: null };
  });

function whyNotRate(ratePerMinute: number): Refusal | null {
  const { ratePerMinuteMax } = bulkLimits;
  if (ratePerMinute >= 1 && ratePerMinute <= ratePerMinuteMax) return null;
  const message = `Between 1 and ${ratePerMinuteMax} a minute.`;
  return { kind: 'invalid', issues: [{ path: ['ratePerMinute'], message }] };
}

const leftOut: Readonly<Partial<Record<ReplaySafety, string>>> = {
  RISKY: 'It is replayed by itself only, with the invoice number as confirmation.',
  POINTLESS: 'It would fail the same way; fix the cause first.',
};

const whyLeftOut = ({ verdict }: SelectedDeadLetter): string | null => {
  const why = leftOut[verdict.safety];
  return why === undefined ? null : `${why} ${verdict.why}`;
};

/** What the same selection would come to now, without doing it; counting stops one above the most that is accepted. */
export async function previewReplay(
  { requests }: Desk,
  caller: Caller,
  selection: DeadLetterSelection,
): Promise<ReplayPlan> {
  const chosen = await requests.look((rows) =>
    rows.selectDeadLetters(selection, caller.companyIds, bulkLimits.itemsMax + 1),
  );
  const replayed = chosen.filter((letter) => whyLeftOut(letter) === null).length;
  return {
    count: chosen.length,
    bySafety: [...Map.groupBy(chosen, ({ verdict }) => verdict.safety)].map(
      ([safety, letters]) => ({
        safety,
        count: letters.length,
      }),
    ),
    amounts: amountsOf(chosen),
    estimatedSeconds: Math.ceil((replayed * 60) / ratePerMinuteDefault),
  };
}

/** Money concerned, currency by currency, in the order of their codes. */
function amountsOf(chosen: readonly SelectedDeadLetter[]): ReplayPlan['amounts'] {
  const priced = chosen.flatMap(({ currency, amount }) => {
    if (currency === null || amount === null) return [];
    const parsed = parseAmount(amount, toCurrency(currency));
    return parsed === null ? [] : [{ currency, amount: parsed }];
  });
  return [...Map.groupBy(priced, ({ currency }) => currency)]
    .map(([currency, all]) => ({
      currency,
      amount: amountOf(
        sum(
          all.map(({ amount }) => amount),
          toCurrency(currency),
        ),
      ),
    }))
    .toSorted((one, other) => one.currency.localeCompare(other.currency));
}
