import type { DeadLetterReason } from './dead-letter.ts';

/** Whether sending a dead letter round again could do harm, or any good. */
export type ReplaySafety = 'SAFE' | 'RECHECKED' | 'POINTLESS' | 'RISKY';

/** The verdict with its reason in one sentence. */
export type ReplayVerdict = { readonly safety: ReplaySafety; readonly why: string };

/**
 * What is known now that bears on a replay, in the order in which it counts; stored rows tell each of them (the function
 * `replay_facts` of the database).
 */
export const replayFacts = [
  /** Nothing is asked of the company's sides until a person reconnects it. */
  'NOT_CONNECTED',
  /** The invoice, or the direction it would cross in. */
  'PAUSED',
  /** Reconcile suspects that a side has the document twice, and nobody has said yet. */
  'SUSPECTED_TWIN',
  /** A write of it has no answer yet. */
  'IN_DOUBT',
  /** Voided or deleted on a side, as last seen. */
  'GONE',
  /** A side told of it since it died. */
  'MOVED',
  /** All records it waited for have a counterpart by now. */
  'REFERENCES_THERE',
  /** It is dated in closed books, by the closing date as last read. */
  'CLOSED',
] as const;
export type ReplayFact = (typeof replayFacts)[number];

export const deadLetterReasons = [
  'VALIDATION',
  'PERIOD_CLOSED',
  'MISSING_REFERENCE',
  'DUPLICATE_NUMBER',
  'MAPPING',
  'RETRIES_EXHAUSTED',
  'AUTHORIZATION',
  'AMBIGUOUS_WRITE',
] as const satisfies readonly DeadLetterReason[];

/** What the reason alone comes to, while nothing has changed since it died. */
const unchanged = {
  VALIDATION: ['POINTLESS', 'The same data would be refused again; correct it first.'],
  PERIOD_CLOSED: [
    'SAFE',
    'Its date lies in the open period now; the closing date is read again before anything is sent.',
  ],
  MISSING_REFERENCE: [
    'RECHECKED',
    'It is looked for again, and nothing is sent while it is missing.',
  ],
  DUPLICATE_NUMBER: ['POINTLESS', 'As far as is known the number is still taken.'],
  MAPPING: ['RECHECKED', 'It is translated and compared again, never forced.'],
  RETRIES_EXHAUSTED: [
    'SAFE',
    'Every write carries its request id, so a repeat cannot write twice.',
  ],
  AUTHORIZATION: ['SAFE', 'The company is connected again, and nothing was written.'],
  AMBIGUOUS_WRITE: [
    'RISKY',
    'An earlier write may have made a document; a replay could make a second one.',
  ],
} as const satisfies Record<DeadLetterReason, readonly [ReplaySafety, string]>;

type Rule = {
  readonly holds: (reason: DeadLetterReason, facts: ReadonlySet<ReplayFact>) => boolean;
  readonly safety: ReplaySafety;
  readonly why: string;
};

const whenever =
  (fact: ReplayFact): Rule['holds'] =>
  (_reason, facts) =>
    facts.has(fact);

/** The first that holds decides: what stops everything, then what could do harm, then what makes comparing worthwhile. */
const rules: readonly Rule[] = [
  {
    holds: whenever('NOT_CONNECTED'),
    safety: 'POINTLESS',
    why: 'The company has to be reconnected first; nothing is sent until then.',
  },
  {
    holds: whenever('PAUSED'),
    safety: 'POINTLESS',
    why: 'It is paused; restart it first.',
  },
  {
    holds: (reason) => reason === 'AMBIGUOUS_WRITE',
    safety: 'RISKY',
    why: unchanged.AMBIGUOUS_WRITE[1],
  },
  {
    holds: whenever('SUSPECTED_TWIN'),
    safety: 'RISKY',
    why: 'Reconcile suspects that the document is there twice; say first which one counts.',
  },
  {
    holds: whenever('IN_DOUBT'),
    safety: 'RECHECKED',
    why: 'A write of it has no answer yet; what became of it is found out before anything else is sent.',
  },
  {
    holds: whenever('GONE'),
    safety: 'RECHECKED',
    why: 'It was voided or deleted meanwhile; both sides are looked at again before anything is sent.',
  },
  {
    holds: whenever('MOVED'),
    safety: 'RECHECKED',
    why: 'A side changed since it stopped; both are compared again, never forced.',
  },
  {
    holds: (reason, facts) => reason === 'MISSING_REFERENCE' && facts.has('REFERENCES_THERE'),
    safety: 'SAFE',
    why: 'All it waited for has a counterpart now.',
  },
  {
    holds: (reason, facts) => reason === 'PERIOD_CLOSED' && facts.has('CLOSED'),
    safety: 'RECHECKED',
    why: 'As last read the books are still closed for its date; the closing date is read again, and nothing is sent while they are.',
  },
];

/** What a replay would come to now. */
export function replayVerdict(
  reason: DeadLetterReason,
  facts: ReadonlySet<ReplayFact>,
): ReplayVerdict {
  const rule = rules.find(({ holds }) => holds(reason, facts));
  if (rule !== undefined) return { safety: rule.safety, why: rule.why };
  const [safety, why] = unchanged[reason];
  return { safety, why };
}

const isReason = (word: string | undefined): word is DeadLetterReason =>
  deadLetterReasons.some((reason) => reason === word);

/** The verdict on what the database says of a dead letter: its reason and the facts that hold, one word each. */
export function verdictOn(stored: string): ReplayVerdict {
  const [reason, ...words] = stored.split(' ');
  if (!isReason(reason)) throw new Error(`no such reason of a dead letter: ${stored}`);
  return replayVerdict(reason, new Set(replayFacts.filter((fact) => words.includes(fact))));
}

/** Everything the database may say of dead letters that come to one of those verdicts, for a filter by verdict. */
export function storedWithVerdict(safeties: readonly ReplaySafety[]): readonly string[] {
  const sets = replayFacts.reduce<readonly (readonly ReplayFact[])[]>(
    (all, fact) => [...all, ...all.map((facts) => [...facts, fact])],
    [[]],
  );
  return deadLetterReasons.flatMap((reason) =>
    sets
      .map((facts) => [reason, ...facts].join(' '))
      .filter((stored) => safeties.includes(verdictOn(stored).safety)),
  );
}
