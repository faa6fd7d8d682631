import { formatDuration } from '../format/date.ts';
import { formatShare } from '../format/money.ts';
import { lab } from './lab.ts';
import type { FaultRule } from './lab.ts';
import type { Evidence } from './proof.ts';

/** A lever that stays where it is put; where it stands is read from the simulators themselves. */
export type Lever = {
  readonly id: string;
  readonly label: string;
  readonly isOn: (evidence: Pick<Evidence, 'webhooks' | 'faults'>) => boolean;
  readonly put: (isOn: boolean) => Promise<unknown>;
};

/** What a sender of webhooks does wrong in some share of cases, or so many times. */
type Knob = 'duplicate' | 'shuffle' | 'drop';

const knobLever = (id: Knob, label: string, value: number): Lever => ({
  id,
  label,
  isOn: ({ webhooks }) => webhooks.quickbooks[id] > 0 && webhooks.invoicing[id] > 0,
  put: (isOn) => {
    const knobs = { [id]: isOn ? value : 0 };
    return Promise.all([lab.setWebhooks('quickbooks', knobs), lab.setWebhooks('invoicing', knobs)]);
  },
});

const faultRules = {
  lost: { match: { probability: 0.3 }, effect: 'drop-after', params: {} },
  slow: { match: {}, effect: 'latency', params: { ms: 2_000 } },
  fails: { match: { probability: 0.3 }, effect: 'status', params: { status: 503 } },
} as const satisfies Record<string, FaultRule>;

const ordered = (record: object = {}): string =>
  JSON.stringify(Object.entries(record).toSorted(([one], [other]) => one.localeCompare(other)));

const isSame = (one: FaultRule, other: FaultRule): boolean =>
  one.effect === other.effect &&
  ordered(one.match) === ordered(other.match) &&
  ordered(one.params) === ordered(other.params);

/** The rules that no lever put there: the demo's own, which stay whatever the levers do. */
export const ownRules = (rules: readonly FaultRule[]): readonly FaultRule[] =>
  rules.filter((rule) => !Object.values(faultRules).some((lever) => isSame(lever, rule)));

/** One lever's rule before the demo's own, since the first that fires wins; of these levers one holds at a time. */
export const withLever = (
  rules: readonly FaultRule[],
  lever: keyof typeof faultRules,
  isOn: boolean,
): readonly FaultRule[] => (isOn ? [faultRules[lever], ...ownRules(rules)] : ownRules(rules));

const faultLever = (id: keyof typeof faultRules, label: string): Lever => ({
  id,
  label,
  isOn: ({ faults }) => faults.some((rule) => isSame(rule, faultRules[id])),
  put: async (isOn) =>
    lab.setFaults('quickbooks', withLever(await lab.faults('quickbooks'), id, isOn)),
});

export const levers: readonly Lever[] = [
  knobLever('duplicate', 'Webhooks come three times', 2),
  knobLever('shuffle', 'Webhooks come out of order', 1),
  knobLever('drop', 'A third of the webhooks never come', 0.34),
  faultLever('lost', 'QuickBooks loses answers after writing'),
  faultLever('slow', 'QuickBooks takes two seconds for everything'),
  faultLever('fails', 'QuickBooks fails now and then'),
];

const effectWords: Readonly<Record<string, string>> = {
  'drop-after': 'loses an answer after writing',
  'fault-after': 'reports a failure though it wrote',
  status: 'fails',
};

/** What QuickBooks does of itself in the demo, in words: how long it takes, and how often it goes wrong. */
export function habitsOf(rules: readonly FaultRule[], locale?: string): readonly string[] {
  const own = ownRules(rules);
  const waits = own.flatMap(({ effect, params }) =>
    effect === 'latency' && typeof params?.['ms'] === 'number' ? [params['ms']] : [],
  );
  const [least, most] = [Math.min(...waits), Math.max(...waits)];
  const takes =
    waits.length === 0
      ? []
      : [
          least === most
            ? `takes ${formatDuration(most)}`
            : `takes ${formatDuration(least)} to ${formatDuration(most)}`,
        ];
  const goesWrong = Object.entries(effectWords).flatMap(([effect, words]) => {
    const shares = own.flatMap((rule) =>
      rule.effect === effect ? [rule.match.probability ?? 1] : [],
    );
    return shares.length === 0 ? [] : [`${words} (${formatShare(Math.max(...shares), locale)})`];
  });
  return [...takes, ...goesWrong];
}
