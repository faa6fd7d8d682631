import type { Cache, UpdatesConfig } from '@urql/exchange-graphcache';
import { tailMax } from '../stream/stream-store.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const recordAt = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : null);

/**
 * The subscription writes its entities into the cache, but no query links them, and graphcache collects only
 * what lost its last link. So the newest entities of the stream are linked from a ring of slots as long as the
 * tail: whatever falls out of the ring and off the screen is collected, and an hour of events stays small.
 */
export function keepStreamEntities(): UpdatesConfig {
  let slot = 0;

  const hold = (cache: Cache, event: unknown) => {
    const entities = [recordAt(event, 'invoice'), recordAt(recordAt(event, 'detail'), 'event')];
    const keys = entities.flatMap((entity) => keyOf(cache, entity) ?? []);
    cache.link('Query', 'streamEntities', { slot }, keys);
    slot = (slot + 1) % tailMax;
  };

  return {
    Subscription: {
      syncEvents: (result, _variables, cache) => {
        const events = recordAt(result['syncEvents'], 'events');
        if (Array.isArray(events)) for (const event of events) hold(cache, event);
      },
    },
  };
}

function keyOf(cache: Cache, entity: unknown): string | null {
  if (!isRecord(entity)) return null;
  const { __typename, id } = entity;
  if (typeof __typename !== 'string' || typeof id !== 'string') return null;
  return cache.keyOfEntity({ __typename, id });
}
