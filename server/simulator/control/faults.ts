import { z } from 'zod';
import type { SeededRandom } from './random.ts';

/** What a request does, in the words of `PUT /_control/faults` (http.md §5). */
const faultOperations = [
  'read',
  'query',
  'cdc',
  'create',
  'update',
  'void',
  'delete',
  'batch',
  'token',
] as const;
export type FaultOperation = (typeof faultOperations)[number];

const effects = [
  'latency', // answered after `ms`
  'drop-before', // never reached
  'drop-after', // committed, reply lost
  'commit-late', // applied `delayMs` after the reply failed
  'fault-after', // committed, error returned
  'status', // error returned, not committed
  'stale', // answers "version moved" once
  'requestid-ignored', // the request key protects from nothing
] as const;

const spanMs = z.int().nonnegative();

const faultRule = z.strictObject({
  match: z
    .strictObject({
      operation: z.enum(faultOperations).optional(),
      entity: z.string().min(1).optional(),
      requestId: z.string().min(1).optional(),
      nth: z.int().positive().optional(),
      probability: z.number().min(0).max(1).optional(),
    })
    .default({}),
  effect: z.enum(effects),
  params: z
    .strictObject({
      ms: spanMs.optional(),
      status: z.int().min(400).max(599).optional(),
      body: z.enum(['json', 'xml', 'html']).optional(),
      code: z.union([z.string(), z.int()]).transform(String).optional(),
      delayMs: spanMs.optional(),
      retryAfter: z.number().nonnegative().optional(), // seconds, as the header has it
    })
    .default({}),
  times: z.int().positive().optional(),
});

/** The body of `PUT /_control/faults`. */
export const faultRulesBody = z.strictObject({ rules: z.array(faultRule) });
export type FaultRule = z.infer<typeof faultRule>;

/** A request as the rules see it. */
export type FaultQuery = {
  readonly operation: FaultOperation;
  readonly entity: string;
  readonly requestId: string | null;
};

type ArmedRule = { readonly rule: FaultRule; seen: number; fired: number };

/** The rules in force. Entities compare without regard to case, since paths and bodies spell them differently. */
export class FaultRules {
  readonly #random: SeededRandom;
  #armed: ArmedRule[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Takes the place of all rules, counting from zero. */
  replace(rules: readonly FaultRule[]): void {
    this.#armed = rules.map((rule) => ({ rule, seen: 0, fired: 0 }));
  }

  /** The rules in force, spent ones included. */
  list(): readonly FaultRule[] {
    return this.#armed.map((armed) => armed.rule);
  }

  /**
   * The first rule that fires for this request, or null. Every rule counts every request that fits it, so `nth` does
   * not depend on the rules above. `nth` fires once, or from there on `times` times when that is given.
   */
  match(query: FaultQuery): FaultRule | null {
    const fitting = this.#armed.filter((armed) => fits(armed.rule, query));
    for (const armed of fitting) armed.seen += 1;

    const firing = fitting.find((armed) => this.#fires(armed));
    if (firing === undefined) return null;
    firing.fired += 1;
    return firing.rule;
  }

  #fires({ rule, seen, fired }: ArmedRule): boolean {
    const { nth, probability } = rule.match;
    const timesMax = rule.times ?? (nth === undefined && rule.effect !== 'stale' ? Infinity : 1);
    if (fired >= timesMax) return false;
    if (nth !== undefined && seen < nth) return false;
    return probability === undefined || this.#random.chance(probability);
  }
}

function fits({ match }: FaultRule, query: FaultQuery): boolean {
  if (match.operation !== undefined && match.operation !== query.operation) return false;
  if (match.requestId !== undefined && match.requestId !== query.requestId) return false;
  return match.entity === undefined || match.entity.toLowerCase() === query.entity.toLowerCase();
}
