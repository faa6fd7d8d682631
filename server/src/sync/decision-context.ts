import { canonicalText } from '#core/canonical-text.ts';
import type { JsonObject } from '#core/json.ts';
import type { DecisionContext } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';

/** Settings and company facts a decision rests on; when the facts were read decides nothing. */
export function contextOf({
  engine,
  company,
  facts,
}: Pick<Crossing, 'engine' | 'company' | 'facts'>): DecisionContext {
  const { readAt: _readAt, ...known } = facts;
  const content: JsonObject = { settings: company.settings, facts: known };
  return { hash: engine.digest.sha256(canonicalText(content)), content };
}
