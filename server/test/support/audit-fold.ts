import { z } from 'zod';
import type { World } from './world.ts';

const change = z.object({
  path: z.string(),
  side: z.enum(['internal', 'quickbooks']).nullable(),
  before: z.unknown(),
  after: z.unknown(),
});
const entry = z.object({
  linkId: z.string(),
  action: z.string(),
  subject: z.string(),
  changes: z.array(change),
});

type Half = Record<string, unknown>;

/** A link as its rows say it, or as the audit trail does. */
export type LinkState = {
  readonly status: unknown;
  readonly internal: Half;
  readonly quickbooks: Half;
};

/** Folds the trail of every link from its first entry on; a change that does not follow the one before is a break. */
export async function foldedAudit(
  world: World,
): Promise<{ readonly links: ReadonlyMap<string, LinkState>; readonly breaks: readonly string[] }> {
  const entries = await world.rows(
    entry,
    `SELECT link_id AS "linkId", action, subject_type AS subject, content->'changes' AS changes
     FROM audit_entry WHERE link_id IS NOT NULL ORDER BY chain, sequence`,
  );
  return foldEntries(entries);
}

type Entry = {
  readonly linkId: string;
  readonly action: string;
  readonly subject: string;
  readonly changes: readonly z.output<typeof change>[];
};

/** Entries in the order they were written, whoever kept them. */
export function foldEntries(entries: readonly Entry[]): {
  readonly links: ReadonlyMap<string, LinkState>;
  readonly breaks: readonly string[];
} {
  const links = new Map<string, { status: unknown; internal: Half; quickbooks: Half }>();
  const breaks: string[] = [];
  for (const { linkId, action, subject, changes } of entries) {
    const state = links.get(linkId) ?? { status: null, internal: {}, quickbooks: {} };
    links.set(linkId, state);
    for (const { path, side, before, after } of changes) {
      if (subject === 'Invoice' && path === 'status') {
        if (before !== state.status && state.status !== null)
          breaks.push(
            `${linkId}: ${JSON.stringify([state.status, before, after])} does not follow`,
          );
        state.status = after;
      }
      if (action !== 'BASE_ADVANCED' || side === null) continue;
      const held = state[side][path] ?? null;
      if (JSON.stringify(held) !== JSON.stringify(before ?? null))
        breaks.push(`${linkId}: ${side} ${path} was not what the entry says it was`);
      state[side][path] = after ?? null;
    }
  }
  return { links: new Map([...links].map(([id, state]) => [id, stateOf(state)])), breaks };
}

const stateOf = ({ status, internal, quickbooks }: LinkState): LinkState => ({
  status,
  internal: withoutNothing(internal),
  quickbooks: withoutNothing(quickbooks),
});

const withoutNothing = (half: Half): Half =>
  Object.fromEntries(Object.entries(half).filter(([, value]) => value !== null));

const half = z.looseObject({ lines: z.array(z.looseObject({ key: z.string().nullable() })) });
const row = z.object({
  id: z.string(),
  status: z.string(),
  internal: half.nullable(),
  quickbooks: half.nullable(),
});

/** What is of the moment it was read, or belongs to its side alone, is no part of what was agreed. */
const apart = [
  'side',
  'id',
  'version',
  'modifiedAt',
  'modifiedBy',
  'url',
  'counterpartId',
  'derived',
  'payments',
  'carriedLines',
  'lines',
];

function agreedOf(stored: z.output<typeof half> | null): Half {
  if (stored === null) return {};
  const header = Object.entries(stored).filter(([name]) => !apart.includes(name));
  const lines = stored.lines.map((line) => [linePathOf(line.key), line]);
  return withoutNothing({ ...Object.fromEntries(header), ...Object.fromEntries(lines) });
}

const linePathOf = (key: string | null): string => `lines[key=${key}]`;

const pair = z.object({
  linkId: z.string(),
  path: z.string(),
  internal: z.unknown(),
  quickbooks: z.unknown(),
});

/** Every link as its rows say it. */
export async function linkStates(world: World): Promise<ReadonlyMap<string, LinkState>> {
  const rows = await world.rows(
    row,
    'SELECT id, status, base_internal AS internal, base_quickbooks AS quickbooks FROM link',
  );
  const pairs = await world.rows(
    pair,
    `SELECT link_id AS "linkId", 'payments[key=' || key || ']' AS path, base_internal AS internal, base_quickbooks AS quickbooks
     FROM payment WHERE state = 'PAIRED'`,
  );
  const paidOn = (linkId: string, side: 'internal' | 'quickbooks'): Half =>
    Object.fromEntries(
      pairs.filter((one) => one.linkId === linkId).map((one) => [one.path, one[side]]),
    );
  return new Map(
    rows.map(({ id, status, internal, quickbooks }) => [
      id,
      {
        status,
        internal: { ...agreedOf(internal), ...paidOn(id, 'internal') },
        quickbooks: { ...agreedOf(quickbooks), ...paidOn(id, 'quickbooks') },
      },
    ]),
  );
}
