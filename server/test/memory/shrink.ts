import { liveThrough, type HistoryReport, type Less } from './history.ts';

/**
 * The least that is found to break a promise under the seed: fewer steps, and without each thing that may go wrong and is
 * not needed for it. Less in a history shifts what chance brings after it, so the least found need not be the least there is.
 */
export async function shrunk(seed: string): Promise<{ history: HistoryReport; less: Less }> {
  let less: Less = {};
  let history = await liveThrough(seed);
  const attempt = async (wanted: Less): Promise<boolean> => {
    const tried = await liveThrough(seed, wanted);
    if (tried.broken.length === 0) return false;
    less = wanted;
    history = tried;
    return true;
  };
  for (const kind of history.weather)
    await attempt({ ...less, without: [...(less.without ?? []), kind] });
  for (let stepsMax = 1; stepsMax < history.told.length; stepsMax += 1)
    if (await attempt({ ...less, stepsMax })) break;
  return { history, less };
}
