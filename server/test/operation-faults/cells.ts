/** What can go wrong with one write: the effects of http.md §5, alone and together. */
export const mishaps = {
  latency: 'answered late (`latency`)',
  'drop-before': 'lost on its way (`drop-before`)',
  'drop-after': 'done, answer lost (`drop-after`)',
  'commit-late': 'no answer, done a moment later (`commit-late`)',
  'fault-after': 'done, answered 500 (`fault-after`)',
  'proxy-after': 'done, answered 502 in HTML (`fault-after`)',
  'refused-after': 'done, answered 400 (in QuickBooks with code 6000) (`fault-after`)',
  unavailable: 'not done, answered 503 (`status`)',
  throttled: 'not done, answered 429 (`status`)',
  refused: 'not done, refused for good (`status`)',
  stale: 'answered that the version moved (`stale`)',
  'id-ignored': 'its id protects from nothing (`requestid-ignored`)',
  'drop-after+id-ignored':
    'done, answer lost, its id protects from nothing (`drop-after` + `requestid-ignored`)',
  'commit-late+id-ignored':
    'no answer, done after everybody gave it up, its id protects from nothing (`commit-late` + `requestid-ignored`)',
} as const;
export type Mishap = keyof typeof mishaps;

/** How a write ends, as its intents tell it. */
export const outcomes = {
  done: 'done at once',
  found: 'found there by evidence, not sent again',
  again: 'sent again under the same id',
  either: 'found there, or sent again under the same id',
  anew: 'refused, both sides read again, written anew',
  later: 'waited as long as asked, then written anew',
  stopped: 'dead letter; a replay does it once',
  healed: 'believed refused: dead letter, healed by the news of it',
  twice: '**done twice**: detected, not prevented',
} as const;
export type Outcome = keyof typeof outcomes;

type Column = Readonly<Record<Mishap, Outcome>>;

/**
 * Where a second write would be refused even if ids protect from nothing: it rests on a version that moved, or the name is
 * taken.
 */
const versioned: Column = {
  latency: 'done',
  'drop-before': 'again',
  'drop-after': 'found',
  'commit-late': 'either',
  'fault-after': 'found',
  'proxy-after': 'found',
  'refused-after': 'found',
  unavailable: 'again',
  throttled: 'later',
  refused: 'stopped',
  stale: 'anew',
  'id-ignored': 'done',
  'drop-after+id-ignored': 'found',
  'commit-late+id-ignored': 'either',
};

/** What is made rests on no version: it is looked for until it cannot land any more, and only then sent again. */
const made: Column = {
  ...versioned,
  'commit-late': 'found',
  'commit-late+id-ignored': 'twice',
};

/** What internal invoicing answers with 4xx it has not done (http.md §4); one that did it nonetheless tells so itself. */
const versionedInternally: Column = { ...versioned, 'refused-after': 'healed' };

/** Nothing there but its likeness tells a payment that was made: looked for first, and the key honoured by contract. */
const paidInternally: Column = { ...versionedInternally, 'commit-late+id-ignored': 'twice' };

/** Every operation against every mishap, with how it ends. */
export const table = {
  create: { title: 'create an invoice', side: 'quickbooks', cells: made },
  update: { title: 'change an invoice', side: 'quickbooks', cells: versioned },
  void: { title: 'void an invoice', side: 'quickbooks', cells: versioned },
  reference: { title: 'make a customer', side: 'quickbooks', cells: versioned },
  pay: { title: 'record a payment', side: 'quickbooks', cells: made },
  'change-payment': { title: 'change a payment', side: 'quickbooks', cells: versioned },
  removal: { title: 'remove a payment', side: 'quickbooks', cells: versioned },
  import: { title: 'import an invoice', side: 'internal', cells: versionedInternally },
  'reference-internally': {
    title: 'make a customer',
    side: 'internal',
    cells: versionedInternally,
  },
  'update-internally': { title: 'change an invoice', side: 'internal', cells: versionedInternally },
  'void-internally': { title: 'void an invoice', side: 'internal', cells: versionedInternally },
  'pay-internally': { title: 'record a payment', side: 'internal', cells: paidInternally },
  'change-payment-internally': {
    title: 'change a payment',
    side: 'internal',
    cells: versionedInternally,
  },
  'removal-internally': { title: 'remove a payment', side: 'internal', cells: versionedInternally },
} as const satisfies Record<
  string,
  { readonly title: string; readonly side: 'quickbooks' | 'internal'; readonly cells: Column }
>;
export type Operation = keyof typeof table;

const isOperation = (name: string): name is Operation => name in table;
export const operationNames: readonly Operation[] = Object.keys(table).filter(isOperation);

const isMishap = (name: string): name is Mishap => name in mishaps;
export const mishapNames: readonly Mishap[] = Object.keys(mishaps).filter(isMishap);
