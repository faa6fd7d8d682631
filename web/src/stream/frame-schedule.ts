/** Least time between two flushes: faster than this nobody reads, and 200 events a second stay without a long task. */
const flushGapMs = 100;

/** Runs a flush in a frame, at most ten times a second; in a hidden tab it waits, so only drawing pauses. */
export function createFrameSchedule(nowMs: () => number): (flush: () => void) => void {
  let lastMs = Number.NEGATIVE_INFINITY;

  const inNextFrame = (flush: () => void) => {
    requestAnimationFrame(() => {
      lastMs = nowMs();
      flush();
    });
  };

  return (flush) => {
    const waitMs = lastMs + flushGapMs - nowMs();
    if (waitMs <= 0) inNextFrame(flush);
    else setTimeout(() => inNextFrame(flush), waitMs);
  };
}
