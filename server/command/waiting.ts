import { setTimeout as wait } from 'node:timers/promises';

const lookEveryMs = 1_000;

/** Looks again every second until `isOver`; each look may tell how far it is. */
export async function untilOver<State>(
  look: () => Promise<State>,
  isOver: (state: State) => boolean,
  tell: (state: State) => void,
): Promise<State> {
  for (;;) {
    const state = await look();
    tell(state);
    if (isOver(state)) return state;
    await wait(lookEveryMs);
  }
}
