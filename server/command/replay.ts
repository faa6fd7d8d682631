import { z } from 'zod';
import { Refusal, type Bridge } from './bridge.ts';
import { companyNamed } from './company-names.ts';
import { untilOver } from './waiting.ts';

export type ReplayWishes = {
  readonly company?: string;
  readonly reason?: string;
  readonly perMinute: number;
  /** Without it only what would happen is said. */
  readonly isMeant: boolean;
};

const preview = z.object({
  previewReplay: z.object({
    count: z.int(),
    bySafety: z.array(z.object({ safety: z.string(), count: z.int() })),
    amounts: z.array(z.object({ amount: z.string(), currency: z.string() })),
    estimatedSeconds: z.int(),
  }),
});
const operation = z.object({
  id: z.string(),
  status: z.string(),
  total: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
const started = z.object({ bulkOperation: operation });
const progress = z.object({ bulkOperation: operation.nullable() });

const previewDocument = `query Preview($selection: DeadLetterSelection!) { previewReplay(selection: $selection) {
  count bySafety { safety count } amounts { amount currency } estimatedSeconds } }`;
const parts = 'id status total succeeded failed skipped';
const startDocument = `mutation Replay($input: ReplayDeadLettersInput!) { result: replayDeadLetters(input: $input) { __typename
  ... on ReplayDeadLettersSuccess { bulkOperation { ${parts} } } ... on MutationError { message }
  ... on ValidationError { issues { message } } } }`;
const progressDocument = `query Progress($id: ID!) { bulkOperation(id: $id) { ${parts} } }`;

/** What may be sent round again in bulk; the others are looked at one by one in the app. */
const bulkSafe = ['SAFE', 'RECHECKED'];

/** Says what a replay of dead letters would do, or does it and waits; true when nothing failed. */
export async function replay(
  bridge: Bridge,
  wishes: ReplayWishes,
  say: (line: string) => void,
): Promise<boolean> {
  const companyIds =
    wishes.company === undefined ? null : [(await companyNamed(bridge, wishes.company)).id];
  const filter = {
    safeties: bulkSafe,
    ...(companyIds === null ? {} : { companyIds }),
    ...(wishes.reason === undefined ? {} : { reasons: [wishes.reason] }),
  };
  const selection = { filter };
  const { previewReplay } = await bridge.ask(previewDocument, { selection }, preview);
  const { count, bySafety, amounts } = previewReplay;
  const money = amounts.map(({ amount, currency }) => `${amount} ${currency}`).join(', ');
  const kinds = bySafety
    .filter((kind) => kind.count > 0)
    .map((kind) => `${kind.count} ${kind.safety}`)
    .join(', ');
  say(
    `${count} dead letter${count === 1 ? '' : 's'}${money === '' ? '' : ` of ${money}`}${kinds === '' ? '' : `: ${kinds}`}.`,
  );
  if (count === 0) return true;
  if (!wishes.isMeant) {
    say('Nothing was done. Add --yes to replay them.');
    return true;
  }
  const input = { selection, expectedCount: count, ratePerMinute: wishes.perMinute };
  const { bulkOperation } = await bridge.act(startDocument, input, started);
  const over = await untilOver(
    () => progressOf(bridge, bulkOperation.id),
    ({ status }) => status !== 'QUEUED' && status !== 'RUNNING',
    ({ status, succeeded, failed, skipped, total }) =>
      say(`${status}: ${succeeded + failed + skipped} of ${total}, ${failed} failed`),
  );
  return over.failed === 0 && over.status !== 'CANCELLED';
}

async function progressOf(bridge: Bridge, id: string): Promise<z.infer<typeof operation>> {
  const { bulkOperation } = await bridge.ask(progressDocument, { id }, progress);
  if (bulkOperation === null) throw new Refusal('The replay is not to be seen any more.');
  return bulkOperation;
}
