import type { ChangeSet } from './change-set.ts';
import { entityNames, traitsOf, type EntityName } from './entities.ts';
import { QuickBooksFault } from './fault-bodies.ts';
import { textOf } from './json.ts';

const deletedSuffix = ' (deleted)';

/** What is put away gives its name free (quickbooks.md §2.6). */
export function deactivatedName(name: string): string {
  return name.endsWith(deletedSuffix) ? name : `${name}${deletedSuffix}`;
}

/** Coming back, it takes its name again. */
export function reactivatedName(name: string): string {
  return name.endsWith(deletedSuffix) ? name.slice(0, -deletedSuffix.length) : name;
}

export type NameClaim = {
  readonly entity: EntityName;
  readonly name: string;
  readonly id: string;
  readonly earlier: string | undefined;
};

/**
 * A name nobody else has. Customers, vendors and employees share one namespace (6240, quickbooks.md §3); what is put
 * away only counts with its suffix, and gets a number when even that is taken.
 */
export function claimName(change: ChangeSet, { entity, name, id, earlier }: NameClaim): string {
  if (name === earlier) return name;
  const holders = holdersOf(change, entity, id);
  const holder = holders.get(name.toLowerCase());
  if (holder !== undefined && !name.endsWith(deletedSuffix)) throw nameTaken(change, holder);
  return numbered(name, holders);
}

/** The recorded sentence has the kind in dollar signs: a placeholder nobody filled in. */
function nameTaken({ behaviour }: ChangeSet, holder: string): QuickBooksFault {
  const said = 'The name supplied already exists. :';
  if (behaviour.duplicateNameDetail === 'null') return new QuickBooksFault('6240', `${said} null`);
  const story = `Another $$${holder}$$ is already using this name. Please use a different name.`;
  return new QuickBooksFault('6240', `${said} ${story}`, '');
}

function numbered(name: string, holders: ReadonlyMap<string, string>): string {
  let free = name;
  for (let number = 2; holders.has(free.toLowerCase()); number += 1) free = `${name} ${number}`;
  return free;
}

function holdersOf(change: ChangeSet, entity: EntityName, id: string): ReadonlyMap<string, string> {
  const { namespace } = traitsOf(entity);
  const holders = new Map<string, string>();
  for (const other of entityNames.filter(
    (candidate) => traitsOf(candidate).namespace === namespace,
  )) {
    const field = traitsOf(other).name ?? 'Name';
    for (const object of change.all(other)) {
      if (other === entity && textOf(object, 'Id') === id) continue;
      const name = textOf(object, 'FullyQualifiedName') ?? textOf(object, field);
      const plain = field === 'DisplayName' ? textOf(object, field) : name;
      if (plain !== undefined) holders.set(plain.toLowerCase(), other.toLowerCase());
    }
  }
  return holders;
}
