import { z } from 'zod';
import type { StateChange, StateFile } from '../control/state-file.ts';
import type { Answer } from './decision.ts';

/** How long a key is remembered (http.md §4). */
const keptMs = 30 * 86_400_000;

const keptAnswer = z.object({
  fingerprint: z.string(),
  atMs: z.number(),
  answer: z.object({
    status: z.int(),
    body: z.unknown(),
    headers: z.record(z.string(), z.string()),
  }),
});
type KeptAnswer = z.infer<typeof keptAnswer>;

/** What is known about a key. */
export type KeyState =
  | { readonly kind: 'new' }
  | { readonly kind: 'running' }
  | { readonly kind: 'other-request' }
  | { readonly kind: 'answered'; readonly answer: Answer };

/**
 * The first answers by Idempotency-Key. An answer is kept when its request took effect, in the same commit; a refusal
 * changed nothing, so the same request is judged anew.
 */
export class AnswerBook {
  #kept = new Map<string, KeptAnswer>();
  #running = new Map<string, string>();

  constructor(file: StateFile) {
    for (const [key, value] of file.records('answers'))
      this.#kept.set(key, keptAnswer.parse(value));
  }

  /** `fingerprint` stands for the method, the path and the body. */
  lookUp(key: string, fingerprint: string, now: Date): KeyState {
    const running = this.#running.get(key);
    if (running !== undefined) {
      return { kind: running === fingerprint ? 'running' : 'other-request' };
    }
    const kept = this.#kept.get(key);
    if (kept === undefined || isExpired(kept, now)) return { kind: 'new' };
    if (kept.fingerprint !== fingerprint) return { kind: 'other-request' };
    return { kind: 'answered', answer: kept.answer };
  }

  /** From now on the key's first request runs, until `finish`. */
  start(key: string, fingerprint: string): void {
    this.#running.set(key, fingerprint);
  }

  finish(key: string): void {
    this.#running.delete(key);
  }

  /** Remembers an answer and returns what must be committed together with the request's effect. */
  keep(key: string, fingerprint: string, answer: Answer, now: Date): StateChange[] {
    const expired = [...this.#oldest(now)];
    for (const old of expired) this.#kept.delete(old);

    const kept = { fingerprint, atMs: now.getTime(), answer };
    this.#kept.set(key, kept);
    return [
      ...expired.map((id) => ({ collection: 'answers', id, value: null })),
      { collection: 'answers', id: key, value: kept },
    ];
  }

  /** A fresh company has answered nothing. */
  clear(): void {
    this.#kept.clear();
    this.#running.clear();
  }

  /** Keys are kept in order of time, so the expired ones come first. */
  *#oldest(now: Date): Generator<string> {
    for (const [key, kept] of this.#kept) {
      if (!isExpired(kept, now)) return;
      yield key;
    }
  }
}

function isExpired({ atMs }: KeptAnswer, now: Date): boolean {
  return now.getTime() - atMs > keptMs;
}
