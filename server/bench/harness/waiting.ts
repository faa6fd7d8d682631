/** A queue or an engine with a backlog that is kept at its size. */
export type Contender = {
  /** How it is set, where that was found out. */
  readonly setting: string;
  /** Works off the backlog for `forMs` at most and fills it up again afterwards, off the clock; units a second. */
  readonly rate: (forMs: number) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** Keys that the peers' backlogs are spread over: few, which is what suits them. */
export const peerKeys = 2_000;

/** Backlogs that are compared. */
export const backlogs = { small: 2_000, large: 100_000 } as const;
