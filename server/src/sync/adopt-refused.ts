import { isGone } from '#core/invoice/invoice.ts';
import { sideNamesFirst } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { makerOf } from './as-meant.ts';
import { arrivalOf, basisOf, foundAs, lookFor, mayStillLand, stopAmbiguous } from './evidence.ts';
import { fileFailure } from './failures.ts';
import type { Observed } from './observe.ts';
import type { OpenIntent, StoredSeen } from '#ports/store.ts';
import { workerLimits } from './limits.ts';
import { markNow, record, statusMoved } from './record.ts';
import { adopt } from './settle-write.ts';

/**
 * A new document that was refused in place of one that is gone, and yet was made: it is adopted, never made twice
 * (architecture.md §3, "Uncertain").
 */
export async function isRefusedAgainAdopted(
  crossing: Crossing,
  { internal, quickbooks }: Observed,
): Promise<boolean> {
  const { refusedCreates, base, quickbooksId, internalId } = crossing.link;
  const refused = refusedCreates.at(-1);
  if (base === null || refused === undefined || internal === null || quickbooks === null)
    return false;
  const { internalThen, quickbooksThen, side } = refused;
  if (internalThen?.invoice.id !== internalId || quickbooksThen?.invoice.id !== quickbooksId)
    return false;
  if (!isGone((side === 'quickbooks' ? quickbooks : internal).invoice)) return false;
  return isFoundAndAdopted(crossing, refused);
}

/**
 * The same where the invoice was cancelled before anybody knew that its create had been done: the document there is adopted,
 * so that it goes too.
 */
export async function isCancelledButMadeAdopted(
  crossing: Crossing,
  internal: StoredSeen,
): Promise<boolean> {
  const { refusedCreates, quickbooksId } = crossing.link;
  const refused = refusedCreates.findLast(({ side }) => side === 'quickbooks');
  if (quickbooksId !== null || refused?.internalThen == null || !isGone(internal.invoice))
    return false;
  if (await isFoundAndAdopted(crossing, refused)) return true;
  if (!mayStillLand(crossing, refused)) return false;
  await lookOnceMore(crossing);
  return true;
}

/** What was made a moment ago need not be shown by a query yet: it is no proof that nothing was made. */
function lookOnceMore(crossing: Crossing): Promise<unknown> {
  const note =
    'It was cancelled. QuickBooks may have made it and not show it yet, so it is looked for again.';
  return record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    link: { statusReason: note, release: { dueInMs: workerLimits.lookAgainMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}

async function isFoundAndAdopted(crossing: Crossing, refused: OpenIntent): Promise<boolean> {
  const { side } = refused;
  const evidence = await lookFor(crossing, refused);
  if (!evidence.ok) {
    await fileFailure(crossing, evidence.failure, {}, side);
    return true;
  }
  const { value } = evidence;
  if (value.kind === 'several') await stopAmbiguous(crossing, value.found);
  if (value.kind === 'done') {
    const maker = makerOf(crossing, crossing.link.refusedCreates, side, value.found) ?? refused;
    await adopt(
      crossing,
      basisOf(maker),
      arrivalOf(maker, foundAs(value.found)),
      `${sideNamesFirst[side]} has it as ${value.found.invoice.id}, though it had refused it.`,
    );
  }
  return value.kind === 'done' || value.kind === 'several';
}
