/** A bug planted into the engine: text of a source file that is replaced while it is loaded. Nothing of it is in the product. */
export type Mutant = {
  readonly name: string;
  /** What the bug is, in words. */
  readonly bug: string;
  readonly edits: readonly {
    /** Below `server/`. */
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
};

const one = (name: string, bug: string, file: string, from: string, to: string): Mutant => ({
  name,
  bug,
  edits: [{ file, from, to }],
});

/** Runs in every test run and must always be caught; were it not, the world would have gone blind. */
export const canary = 'request-id-per-send';

export const mutants: readonly Mutant[] = [
  one(
    canary,
    'each send has a request id of its own',
    'src/sync/apply.ts',
    '{ requestId: intent.id, object, operation, body }',
    '{ requestId: crossing.engine.ids.next(), object, operation, body }',
  ),
  {
    name: 'no-answer-is-no',
    bug: 'a write without an answer counts as not done',
    edits: [
      {
        file: 'src/sync/apply.ts',
        from: "const open = failure.kind === 'no-answer';",
        to: 'const open = false;',
      },
      {
        file: 'src/sync/apply.ts',
        from: 'notDone[failure.kind](sideNamesFirst[intent.side])',
        to: "'It was not done.'",
      },
      {
        file: 'src/core/attempt/disposition.ts',
        from: "'no-answer': { next: 'settle-by-evidence'",
        to: "'no-answer': { next: 'retry'",
      },
    ],
  },
  one(
    'wait-skipped',
    'a create that is not found is sent again at once, without the wait of 130 s',
    'src/sync/evidence.ts',
    'link.claimedAt - intent.lastSentAt < engine.commitWaitMs',
    'link.claimedAt - intent.lastSentAt < 0',
  ),
  one(
    'wait-by-machine-clock',
    'the wait of 130 s goes by the clock of the machine that looks (found on the way)',
    'src/sync/evidence.ts',
    'link.claimedAt - intent.lastSentAt < engine.commitWaitMs',
    'engine.clock.now() - intent.lastSentAt < engine.commitWaitMs',
  ),
  one(
    'not-found-is-final',
    'a create that is not found is planned anew at once, under a new request id',
    'src/sync/evidence.ts',
    '        : sendAgain(crossing, intent);',
    '        : planAnew(crossing, intent, evidence.because);',
  ),
  one(
    'newest-create-adopted',
    'what an earlier create made is adopted as if the newest had made it (found on the way)',
    'src/sync/as-meant.ts',
    'return shown ?? there[0] ?? null;',
    'return there.at(-1) ?? null;',
  ),
  one(
    'stale-after-adoption',
    'what a query or a repeat showed counts as read (found on the way)',
    'src/sync/settle-write.ts',
    "...(intent.side === 'quickbooks' ? { quickbooksFresh: false } : {}),",
    "...(intent.side === 'quickbooks' ? { quickbooksFresh: true } : {}),",
  ),
  one(
    'cancelled-not-looked-for',
    'an invoice that is cancelled is not looked for where its create was refused (found on the way)',
    'src/sync/cross-link.ts',
    'if (await isCancelledButMadeAdopted(crossing, internal)) return;',
    '',
  ),
  one(
    'stopped-in-doubt',
    'three crashes stop an invoice though nobody knows whether its create arrived (found on the way)',
    'src/sync/cross-link.ts',
    "retryLimits[open === undefined ? 'crashMarksMax' : 'crashMarksInDoubtMax']",
    'retryLimits.crashMarksMax',
  ),
  one(
    'looked-for-once',
    'a cancelled invoice is looked for once, by a query that may lag behind (found on the way)',
    'src/sync/adopt-refused.ts',
    'if (!mayStillLand(crossing, refused)) return false;',
    'if (mayStillLand(crossing, refused)) return false;',
  ),
  one(
    'other-write-forgotten',
    'of two writes without an answer the refused one stops the invoice, and nobody looks for the other (found on the way)',
    'src/sync/evidence.ts',
    "if (others && dispositionOf[failure.kind].next === 'dead-letter')",
    'if (false)',
  ),
  {
    name: 'payments-by-lagging-query',
    bug: 'one payment is read by a query, which may lag behind, and what it shows is news (found on the way)',
    edits: [
      { file: 'src/sync/observe-payments.ts', from: 'ids.length < 2', to: 'ids.length < 1' },
      {
        file: 'src/sync/pass-payments-on.ts',
        from: 'seen === undefined || seen.payment.modifiedAt < wholeSecond(toldAt ?? 0)',
        to: 'seen === undefined',
      },
    ],
  },
  one(
    'given-back-silently',
    'a link that was due for nothing is given back without an entry (found on the way)',
    'src/sync/cross-link.ts',
    "audit: [statusMoved({ link, correlationId }, 'IN_SYNC', why)],",
    'audit: [],',
  ),
  one(
    'rows-away-is-our-fault',
    'a database out of reach during a poll counts as our own mistake (found on the way)',
    'src/sync/poll-changes.ts',
    'if (engine.store.isUnavailable(error)) throw error;',
    '',
  ),
  one(
    'internal-wins',
    'where both sides moved, the internal one wins without a word',
    'src/core/merge/merge-field.ts',
    "return equal ? 'agreed' : 'conflict';",
    "return equal ? 'agreed' : 'take-internal';",
  ),
  one(
    'disputes-agreed',
    'where both sides moved, the difference counts as agreed',
    'src/core/merge/merge-field.ts',
    "return equal ? 'agreed' : 'conflict';",
    "return 'agreed';",
  ),
  one(
    'quickbooks-never-moves',
    'a move in QuickBooks is overwritten by the internal side',
    'src/core/merge/merge-field.ts',
    "if (!internalMoved) return equal ? 'agreed' : 'take-quickbooks';",
    "if (!internalMoved) return equal ? 'agreed' : 'take-internal';",
  ),
  one(
    'base-moves-whole',
    'the base moves as a whole, disputed fields included',
    'src/core/plan/advance-base.ts',
    'const stays = merges.filter((merge) => isOpen(merge, arrived));',
    'const stays = merges.filter(() => false);',
  ),
  one(
    'adoption-agrees',
    'what is found after a lost answer counts as agreed, whoever said it',
    'src/sync/arrival.ts',
    '  if (wanted === null) return baseAfter(base, basis, [arrival]);',
    '  if (wanted !== undefined) return baseAfter(base, basis, [arrival]);',
  ),
  one(
    'echo-by-trust',
    'QuickBooks is not read again once it was seen: its news counts as an echo of ours',
    'src/sync/observe.ts',
    'if (link.quickbooksFresh && link.quickbooks !== null && !isDecided)',
    'if (link.quickbooks !== null && !isDecided)',
  ),
  one(
    'all-is-carried',
    'a write carries everything of the other side, not its moves alone',
    'src/core/plan/wanted.ts',
    'const taken = merges.filter((merge) => isCarried(merge, from));',
    'const taken = merges;',
  ),
  one(
    'if-match-any',
    'a write to internal invoicing rests on no version',
    'src/adapters/invoicing-http/writes.ts',
    '{ \'if-match\': `"${write.restsOnVersion}"` }',
    "{ 'if-match': '*' }",
  ),
  one(
    'stale-is-fatal',
    'a version that moved is a dead letter',
    'src/core/attempt/disposition.ts',
    "'stale-version': { next: 'observe-again'",
    "'stale-version': { next: 'dead-letter'",
  ),
  one(
    'throttled-is-fatal',
    'being throttled is a dead letter',
    'src/core/attempt/disposition.ts',
    "throttled: { next: 'snooze'",
    "throttled: { next: 'dead-letter'",
  ),
  one(
    'cursor-without-overlap',
    'the watermark of the poll runs ahead of what was read',
    'src/sync/poll-changes.ts',
    'later(asOf, -workerLimits.pollOverlapMs)',
    'later(asOf, workerLimits.pollOverlapMs)',
  ),
  one(
    'mark-not-written',
    'documents do not carry the mark by which they are found again',
    'src/core/mapping/marker.ts',
    'const parts = [note, marker].filter(',
    'const parts = [note].filter(',
  ),
  one(
    'payment-not-looked-for',
    'a payment whose answer was lost is never found by its mark',
    'src/sync/payment-evidence.ts',
    '? payment.marker === fromId',
    '? payment.marker === undefined',
  ),
  one(
    'pace-ignored',
    'calls go as fast as they can',
    'src/adapters/quickbooks/pace-limits.ts',
    '  perSecond: 10,',
    '  perSecond: 1000,',
  ),
  one(
    'letters-not-healed',
    'a dead letter stays open though its change crossed',
    'src/sync/finish.ts',
    'healsDeadLetter: link.openDeadLetterId !== null,',
    'healsDeadLetter: false,',
  ),
  one(
    'settle-unfenced',
    'a step is recorded whatever epoch the worker has (in the rows)',
    'test/memory/record-step.ts',
    'if (!rows.holds(lease) || link === undefined || link.claimEpoch !== lease.epoch)',
    'if (link === undefined)',
  ),
  one(
    'dead-claims-kept',
    'nobody takes over what a dead worker had claimed (in the rows)',
    'test/memory/leases.ts',
    '  takeOver(rows, epoch);',
    '',
  ),
  one(
    'news-overlooked',
    'an observation counts as fresh though news came meanwhile (in the rows)',
    'test/memory/record-step.ts',
    'set.quickbooksFresh && link.quickbooksNews === step.quickbooksNews',
    'set.quickbooksFresh',
  ),
  one(
    'limiter-forgets',
    'a successor knows nothing of the calls before it (in the rows)',
    'test/memory/watermarks.ts',
    '      const bySecond = Map.groupBy(rows.calls,',
    '      const bySecond = Map.groupBy(rows.calls.slice(0, 0),',
  ),
];
