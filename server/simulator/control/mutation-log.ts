import { hash } from 'node:crypto';

/**
 * One mutation that took effect (http.md §5 `mutations`): the ground truth for exactly-once.
 * `syncToken` is the version the mutation led to; both simulators use the contract's word.
 */
export type Mutation = {
  readonly seq: number;
  readonly at: string;
  readonly entity: string;
  readonly id: string;
  readonly operation: string;
  readonly requestId: string | null;
  readonly syncToken: string;
  readonly actor: 'api' | 'human';
  readonly bodyHash: string;
};

/** Every mutation of one realm or company, in order, without a limit. */
export class MutationLog {
  #mutations: Mutation[] = [];

  /** Continues after mutations kept from an earlier run, given in order from `seq` 1. */
  constructor(kept: readonly Mutation[] = []) {
    kept.forEach((mutation, index) => {
      if (mutation.seq !== index + 1) throw new Error(`mutation ${index + 1} is missing`);
    });
    this.#mutations = [...kept];
  }

  /** Adds one and returns it with its number. */
  append(facts: Omit<Mutation, 'seq'>): Mutation {
    const mutation: Mutation = { seq: this.#mutations.length + 1, ...facts };
    this.#mutations.push(mutation);
    return mutation;
  }

  /** Everything numbered above `seq`, oldest first. */
  after(seq = 0): readonly Mutation[] {
    return this.#mutations.slice(Math.max(0, seq));
  }

  /** The number of the latest one; 0 before the first. */
  get lastSeq(): number {
    return this.#mutations.length;
  }

  /** Starts over at 1: a fresh company has no history. */
  clear(): void {
    this.#mutations = [];
  }
}

/** SHA-256 in hexadecimal over a body with its keys sorted, so that spelling order makes no difference. */
export function hashBody(body: unknown): string {
  return hash('sha256', canonicalJson(body));
}

/** Whether two bodies say the same, in whatever order they spell it. */
export const isSameBody = (one: unknown, other: unknown): boolean =>
  canonicalJson(one) === canonicalJson(other);

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';

  const entries: [string, unknown][] = Object.entries(value);
  const members = entries
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
