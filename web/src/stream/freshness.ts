import { formatCount } from '../format/money.ts';
import { formatTime } from '../format/date.ts';

/** State of the socket, as far as the browser can tell. */
export type Connection = 'connecting' | 'open' | 'lost' | 'offline';

/** What the header needs to say how current the screen is. */
export type FreshnessInput = {
  readonly connection: Connection;
  /** Stored events still ahead of what was handled. */
  readonly backlog: number;
  /** Commit time up to which everything has been handled. */
  readonly completeUntil: string | null;
  /** True once the connection has been lost for longer than a blink. */
  readonly lostForLong: boolean;
};

/** One of four honest answers; only `live` says that nothing is missing. */
export type Freshness = {
  readonly kind: 'connecting' | 'live' | 'catching-up' | 'reconnecting' | 'offline';
  readonly label: string;
  readonly detail: string;
};

/** How current the screen is, in words. */
export function describeFreshness(input: FreshnessInput): Freshness {
  const shown = input.completeUntil === null ? null : formatTime(input.completeUntil);
  const showing = shown === null ? '' : `showing ${shown}`;
  if (input.connection === 'offline') return { kind: 'offline', label: 'Offline', detail: showing };
  if (input.connection === 'connecting')
    return { kind: 'connecting', label: 'Connecting', detail: '' };
  if (input.connection === 'lost' && input.lostForLong) {
    return { kind: 'reconnecting', label: 'Reconnecting', detail: showing };
  }
  if (input.backlog > 0) {
    return {
      kind: 'catching-up',
      label: 'Catching up',
      detail: `${formatCount(input.backlog)} to go`,
    };
  }
  return { kind: 'live', label: 'Live', detail: shown === null ? '' : `complete up to ${shown}` };
}
