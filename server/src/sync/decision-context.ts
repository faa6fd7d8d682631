import { canonicalText } from '#core/canonical-text.ts';
import type { JsonObject } from '#core/json.ts';
import type { PlanInputs } from '#core/plan/plan.ts';
import type { DecisionContext } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';

/** What a decision rests on beside the two documents; the same for many decisions, and stored once for all of them. */
export const sharedInputs = ({
  company,
  facts,
  link,
}: Pick<Crossing, 'company' | 'facts' | 'link'>): Required<
  Pick<PlanInputs, 'settings' | 'facts' | 'rules'>
> => ({ settings: company.settings, facts, rules: link.rules });

/** The shared inputs as they are stored; when the facts were read decides nothing. */
export function contextOf(
  crossing: Pick<Crossing, 'engine' | 'company' | 'facts' | 'link'>,
): DecisionContext {
  const { settings, facts, rules } = sharedInputs(crossing);
  const { readAt: _readAt, ...known } = facts;
  const content: JsonObject = { settings, facts: known, rules };
  return { hash: crossing.engine.digest.sha256(canonicalText(content)), content };
}
