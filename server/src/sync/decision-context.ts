import { canonicalText } from '#core/canonical-text.ts';
import type { JsonObject } from '#core/json.ts';
import type { PlanInputs } from '#core/plan/plan.ts';
import type { Digest } from '#ports/digest.ts';
import type { DecisionContext } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';

type Shared = Required<Pick<PlanInputs, 'settings' | 'facts' | 'rules'>>;

/** What a decision rests on beside the two documents; the same for many decisions, and stored once for all of them. */
export const sharedInputs = ({
  company,
  facts,
  link,
}: Pick<Crossing, 'company' | 'facts' | 'link'>): Shared => ({
  settings: company.settings,
  facts,
  rules: link.rules,
});

/** Contexts by their rules: they are asked for when a decision is made and again when it is recorded. */
const known = new WeakMap<Shared['rules'], Shared & { readonly context: DecisionContext }>();

/** The shared inputs as they are stored; when the facts were read decides nothing. */
export function contextOf(
  crossing: Pick<Crossing, 'engine' | 'company' | 'facts' | 'link'>,
): DecisionContext {
  const shared = sharedInputs(crossing);
  const last = known.get(shared.rules);
  if (last?.settings === shared.settings && last.facts === shared.facts) return last.context;
  const context = contextIn(shared, crossing.engine.digest);
  known.set(shared.rules, { ...shared, context });
  return context;
}

function contextIn({ settings, facts, rules }: Shared, digest: Digest): DecisionContext {
  const { readAt: _readAt, ...lasting } = facts;
  const content: JsonObject = { settings, facts: lasting, rules };
  return { hash: digest.sha256(canonicalText(content)), content };
}
