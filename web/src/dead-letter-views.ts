import type {
  DeadLettersQueryVariables,
  DeadLetterStatus,
  Direction,
  ReplaySafety,
} from './graphql/generated/graphql.ts';

/** Views of the dead letters; a view is an address, so a bookmark saves it (api-and-web.md §3.2). */
export const deadLetterViews = ['open', 'replaying', 'over'] as const;

/** One view of the dead letters. */
export type DeadLetterView = (typeof deadLetterViews)[number];

type ViewOf = {
  readonly label: string;
  readonly statuses: DeadLetterStatus[];
  /** Said when the view holds nothing. */
  readonly nothing: string;
};

/** What each view holds. */
export const deadLetterViewOf: Record<DeadLetterView, ViewOf> = {
  open: { label: 'Open', statuses: ['OPEN'], nothing: 'No dead letters.' },
  replaying: {
    label: 'On their way again',
    statuses: ['REPLAYING'],
    nothing: 'None is on its way again.',
  },
  over: {
    label: 'Over',
    statuses: ['REPLAYED', 'SUPERSEDED', 'DISCARDED'],
    nothing: 'None has come to an end yet.',
  },
};

/** Verdicts the list narrows to, in the order offered. */
export const narrowableSafeties: readonly ReplaySafety[] = [
  'SAFE',
  'RECHECKED',
  'POINTLESS',
  'RISKY',
];

/** Ways the list narrows to. */
export const narrowableDirections: readonly Direction[] = ['TO_QUICKBOOKS', 'TO_INTERNAL'];

/** Dead letters read at once. */
const pageSize = 25;

type Narrowing = {
  readonly view: DeadLetterView;
  readonly safety?: ReplaySafety | undefined;
  readonly direction?: Direction | undefined;
  readonly company?: string | undefined;
  /** Only this shared cause. */
  readonly cause?: string | undefined;
};

/** The list under a narrowing; open ones most money first, what is over newest first. */
export function deadLetterVariables({
  view,
  safety,
  direction,
  company,
  cause,
}: Narrowing): DeadLettersQueryVariables {
  return {
    first: pageSize,
    filter: {
      statuses: deadLetterViewOf[view].statuses,
      ...(safety === undefined ? {} : { safeties: [safety] }),
      ...(direction === undefined ? {} : { direction }),
      ...(company === undefined ? {} : { companyIds: [company] }),
      ...(cause === undefined ? {} : { fingerprint: cause }),
    },
    orderBy: { field: view === 'open' ? 'AMOUNT' : 'DIED_AT', direction: 'DESC' },
  };
}
