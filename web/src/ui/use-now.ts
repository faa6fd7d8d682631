import { useEffect, useState } from 'react';

/** The browser's clock, read anew every `everyMs`; it stands still while `isOn` is false. */
export function useNow(everyMs: number, isOn = true): number {
  const [nowMs, setNowMs] = useState(() => Date.now());

  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isOn]);

  return nowMs;
}
