import type { World } from '../support/world.ts';
import type { Mishap } from './cells.ts';

/** What a write is to the control route of the side it goes to. */
export type Target = {
  readonly side: 'quickbooks' | 'internal';
  readonly operation: 'create' | 'update' | 'void' | 'delete';
  readonly entity: string;
};

/** How long after its reply failed a late write is carried out; shorter and longer than what is waited for. */
export const lateMs = { soon: 300, tooLate: 1_500 };

/** The rules of http.md §5 that make up a mishap of the next such write. */
function rulesOf(mishap: Mishap, { side, operation, entity }: Target): readonly object[] {
  const match = { operation, entity };
  const once = (effect: string, params: object = {}) => ({ match, effect, params, times: 1 });
  const ignored = { match, effect: 'requestid-ignored' };
  const isInternal = side === 'internal';
  switch (mishap) {
    case 'latency':
      return [once('latency', { ms: 200 })];
    case 'drop-before':
    case 'drop-after':
    case 'stale':
      return [once(mishap)];
    case 'commit-late':
      return [once('commit-late', { delayMs: lateMs.soon })];
    case 'fault-after':
      return [once('fault-after', { status: 500 })];
    case 'proxy-after':
      return [once('fault-after', { status: 502, body: 'html' })];
    case 'refused-after':
      return [once('fault-after', { status: 400, code: '6000' })];
    case 'unavailable':
      return [once('status', { status: 503 })];
    case 'throttled':
      return [once('status', { status: 429, retryAfter: 30 })];
    case 'refused':
      return [once('status', isInternal ? { status: 422 } : { status: 400, code: '6070' })];
    case 'id-ignored':
      return [ignored];
    case 'drop-after+id-ignored':
      return [once('drop-after'), ignored];
    case 'commit-late+id-ignored':
      return [once('commit-late', { delayMs: lateMs.tooLate }), ignored];
    default:
      return mishap satisfies never;
  }
}

/** Arms a mishap, and makes QuickBooks forget request ids where that is part of it. */
export async function arm(world: World, mishap: Mishap, target: Target): Promise<void> {
  const rules = rulesOf(mishap, target);
  if (target.side === 'internal') {
    await world.invoicing.faults(rules);
    return;
  }
  if (mishap.endsWith('id-ignored'))
    await world.quickbooks.behaviour({
      requestid: 'ignore',
      requestidInFlight: 'execute',
      duplicateDocNumber: 'accept',
    });
  await world.quickbooks.faults(rules);
}

/** Lets everything work as it should again. */
export async function disarm(world: World): Promise<void> {
  await world.invoicing.faults([]);
  await world.quickbooks.faults([]);
  await world.quickbooks.behaviour({
    requestid: 'replay',
    requestidInFlight: 'wait',
    duplicateDocNumber: 'refuse',
  });
}
