import type { Fate, Trouble } from './weather.ts';

/** Weather that is aimed: what has to come together for a meeting that chance alone brings about once in thousands of histories. */
export type Scene = {
  readonly name: string;
  readonly kinds: readonly (Fate | Trouble)[];
  readonly probability: number;
  /** When a write that is done late is done, in ms; by chance where it is not said. */
  readonly lateMs?: readonly [least: number, most: number];
  /** How often a statement's connection is lost. */
  readonly rowsAway?: number;
  /** What somebody says in QuickBooks while a write is slow is the last thing that anybody does: nothing later makes good for it. */
  readonly lastWord?: true;
  /** What people are given to. */
  readonly people?: 'cancelling' | 'paying';
};

export const scenes: readonly Scene[] = [
  {
    name: 'creates that land when nobody waits for them any more',
    kinds: ['done late', 'lost on its way', 'people act in the middle'],
    probability: 0.5,
    lateMs: [125_000, 400_000],
  },
  {
    name: 'a request id is forgotten while clocks are hours apart',
    kinds: [
      'requestid forgotten',
      'clock wrong by hours',
      'two workers',
      'done late',
      'answer lost',
    ],
    probability: 0.5,
    lateMs: [1_000, 119_000],
  },
  {
    name: 'done, though it was answered that it was not',
    kinds: ['done and answered 429', 'queries lag', 'people act in the middle'],
    probability: 0.5,
  },
  {
    name: 'cancelled, though it was made',
    kinds: ['done and answered 429', 'done and answered 500', 'people act in the middle'],
    probability: 0.6,
    people: 'cancelling',
  },
  {
    name: 'found again by a query that lags behind',
    kinds: ['answer lost', 'queries lag', 'slow', 'people act in the middle'],
    probability: 0.4,
  },
  {
    name: 'payments, while queries lag behind',
    kinds: ['queries lag', 'news lost', 'answer lost', 'people act in the middle'],
    probability: 0.3,
    people: 'paying',
  },
  {
    name: 'two writes without an answer, and closed books',
    kinds: ['answer lost', 'lost on its way', 'books closed', 'people act in the middle'],
    probability: 0.5,
    people: 'paying',
  },
  {
    name: 'somebody takes over while a step is recorded',
    kinds: ['worker stopped in the middle', 'two workers', 'people act in the middle'],
    probability: 0.15,
  },
  {
    name: 'workers die in the middle',
    kinds: ['worker killed in the middle', 'answer lost', 'bell lost', 'people act in the middle'],
    probability: 0.15,
  },
  {
    name: 'news while a worker is at it',
    kinds: ['people act in the middle', 'slow', 'news told again'],
    probability: 0.5,
  },
  {
    name: 'the last word comes while a worker is at it',
    kinds: ['slow'],
    probability: 0.4,
    lastWord: true,
  },
  {
    name: 'only a poll finds it',
    kinds: ['news lost', 'people act in the middle'],
    probability: 0.5,
  },
  {
    name: 'the rows are away',
    kinds: ['rows away before', 'rows away after', 'bell lost', 'news lost'],
    probability: 0.3,
    rowsAway: 0.06,
  },
];
