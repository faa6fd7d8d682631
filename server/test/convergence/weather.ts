import type { SeededRandom } from '../../simulator/control/random.ts';
import type { World } from '../support/world.ts';

/** What can go wrong on the way to either side, each by the effects of http.md §5. */
const faults = {
  'lost on its way': { effect: 'drop-before' },
  'answer lost': { effect: 'drop-after' },
  'done and answered 500': { effect: 'fault-after', params: { status: 500 } },
  'done and answered 429': { effect: 'fault-after', params: { status: 429, retryAfter: 1 } },
  'not done, answered 503': { effect: 'status', params: { status: 503 } },
  'not done, answered 429': { effect: 'status', params: { status: 429, retryAfter: 1 } },
  'done late': { effect: 'commit-late', params: { delayMs: 150 } },
  stale: { effect: 'stale' },
} as const;
const operations = ['create', 'update', 'void', 'delete', 'read', 'query'] as const;

export type Weather = {
  /** What of it a seed has, in words. */
  readonly kinds: readonly string[];
  readonly losesNews: boolean;
  readonly kills: boolean;
};

/** A random part of everything that can go wrong, none of it included: rare company hides bugs that crowds show, and back. */
export async function startWeather(world: World, random: SeededRandom): Promise<Weather> {
  const kinds = Object.entries(faults).filter(() => random.chance(0.35));
  const probability = random.pick([0.05, 0.15, 0.3]);
  const rules = kinds.flatMap(([, fault]) =>
    operations
      .filter(() => random.chance(0.5))
      .map((operation) => ({ match: { operation, probability }, times: 3, ...fault })),
  );
  await world.quickbooks.faults(rules);
  await world.invoicing.faults(rules.filter(() => random.chance(0.5)));
  const news = {
    duplicate: random.chance(0.4) ? random.integer(1, 3) : 0,
    shuffle: random.chance(0.4) ? 0.5 : 0,
    drop: random.chance(0.3) ? 0.4 : 0,
  };
  await world.quickbooks.webhooks(news);
  await world.invoicing.webhooks(news);
  return {
    kinds: [...kinds.map(([name]) => name), ...wordsOf(news)],
    losesNews: news.drop > 0,
    kills: random.chance(0.6),
  };
}

const wordsOf = ({ duplicate, shuffle, drop }: Readonly<Record<string, number>>) => [
  ...(duplicate === 0 ? [] : ['news told again']),
  ...(shuffle === 0 ? [] : ['news out of order']),
  ...(drop === 0 ? [] : ['news lost']),
];

/** Nothing goes wrong any more. */
export async function endWeather(world: World): Promise<void> {
  await world.quickbooks.faults([]);
  await world.invoicing.faults([]);
  await world.quickbooks.webhooks({ duplicate: 0, shuffle: 0, drop: 0 });
  await world.invoicing.webhooks({ duplicate: 0, shuffle: 0, drop: 0 });
}
