import type { Access, ApiKeys, Caller } from '#ports/access.ts';
import { isNeighbour } from './loopback.ts';

export type AccessOptions = {
  readonly apiKeys: Pick<ApiKeys, 'holderOf'>;
  readonly demo: boolean;
  /** The address that was configured; null when none was. */
  readonly publicUrl: string | null;
};

/** Anybody on this machine while demo mode is on: may operate, may not administer. */
const demoCaller: Caller = {
  kind: 'demo',
  id: 'demo',
  name: 'demo',
  scope: 'OPERATE',
  companyIds: null,
};

const bearer = /^Bearer +(\S+)$/i;

/** An API key, or in demo mode a neighbour without credentials; wrong credentials never fall back to the demo. */
export function createAccess({ apiKeys, demo, publicUrl }: AccessOptions): Access {
  return {
    callerOf: async (facts) => {
      const { authorization } = facts;
      if (authorization !== undefined) {
        const key = bearer.exec(authorization)?.[1];
        return key === undefined ? null : apiKeys.holderOf(key);
      }
      return demo && isNeighbour(facts, publicUrl) ? demoCaller : null;
    },
  };
}
