import type { SeededRandom } from '../../simulator/control/random.ts';
import { scenes, type Scene } from './scenes.ts';

/** What can become of a call on the network. */
export const fates = [
  'lost on its way',
  'answer lost',
  'done and answered 500',
  'done and answered 429',
  'not done, answered 503',
  'not done, answered 429',
  'not done, answered 401',
  'connection refused',
  'done late',
  'done twice',
  'stale',
  'slow',
] as const;
export type Fate = (typeof fates)[number] | 'fine';

/** What can become of a worker, of the news and of the rows. */
export const troubles = [
  'worker killed',
  'worker stopped past its lease',
  'worker killed in the middle',
  'worker stopped in the middle',
  'people act in the middle',
  'rows away before',
  'rows away after',
  'news lost',
  'news told again',
  'news out of order',
  'bell lost',
  'clock wrong by seconds',
  'clock wrong by hours',
  'two workers',
  'requestid forgotten',
  'queries lag',
  'books closed',
  'access lapsed',
] as const;
export type Trouble = (typeof troubles)[number];

/** Counts of everything that went wrong, by class. */
export type FaultCounts = Map<Fate | Trouble, number>;

/** What can go wrong in one history: a random part of it all, none of it included; rare company hides bugs that crowds show, and back. */
export class Weather {
  readonly kinds: ReadonlySet<Fate | Trouble>;
  /** What it is aimed at; null where chance alone has brought it together. */
  readonly scene: Scene | null;
  readonly counts: FaultCounts = new Map();
  readonly #random: SeededRandom;
  readonly #probability: number;
  readonly #fates: readonly (typeof fates)[number][];
  #isCalm = false;

  /** `without` leaves out what a history can do without and still break a promise. */
  constructor(random: SeededRandom, without: readonly (Fate | Trouble)[] = []) {
    this.#random = random;
    const all: (Fate | Trouble)[] = [...fates, ...troubles];
    // Some storms have a little of much, others much of a little.
    const isNarrow = random.chance(0.4);
    const share = isNarrow ? 2 / all.length : random.pick([0, 0.15, 0.35, 0.6]);
    this.scene = random.chance(0.5) ? random.pick(scenes) : null;
    const kinds = new Set(this.scene?.kinds ?? all.filter(() => random.chance(share)));
    // A second copy of a write does harm where the request id is forgotten; then nothing of ours could help.
    if (kinds.has('requestid forgotten')) kinds.delete('done twice');
    if (kinds.has('requestid forgotten')) kinds.delete('queries lag');
    // Stopped between writing down and sending, it sends so late that it is as a write that is done late.
    if (kinds.has('requestid forgotten')) kinds.delete('worker stopped in the middle');
    for (const kind of without) kinds.delete(kind);
    this.kinds = kinds;
    this.#fates = fates.filter((fate) => kinds.has(fate));
    const usual = random.pick(isNarrow ? [0.3, 0.6] : [0.02, 0.08, 0.2, 0.35]);
    this.#probability = this.scene?.probability ?? usual;
  }

  /** Nothing goes wrong any more. */
  calm(): void {
    this.#isCalm = true;
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** What becomes of a call; reads do nothing, so that nothing of them can be done late or twice. */
  fateOf(isWrite: boolean): Fate {
    if (this.#isCalm || !this.#random.chance(this.#probability)) return 'fine';
    if (this.#fates.length === 0) return 'fine';
    const fate = this.#random.pick(this.#fates);
    const needsWrite = fate === 'done late' || fate === 'done twice' || fate === 'stale';
    if (needsWrite && !isWrite) return 'fine';
    this.count(fate);
    return fate;
  }

  /** Whether a trouble comes now. */
  comes(trouble: Trouble, p = this.#probability): boolean {
    if (this.#isCalm || !this.kinds.has(trouble) || !this.#random.chance(p)) return false;
    this.count(trouble);
    return true;
  }

  count(what: Fate | Trouble): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
