import { expect, test } from 'vitest';
import { foldedAudit, linkStates } from '../support/audit-fold.ts';
import { linkOf } from '../support/ledger.ts';
import { pair } from '../support/pair.ts';

test('a link that was due for what has ended meanwhile is given back, and the trail says so', async () => {
  const { world, id } = await pair();
  // As two links leave it that turned out to be one while both were worked.
  await world.pool.query('UPDATE link SET due_at = clock_timestamp()');
  await world.drain();

  expect(await linkOf(world, id)).toMatchObject({
    status: 'IN_SYNC',
    reason: 'Nothing was left to do.',
  });
  const { links } = await foldedAudit(world);
  for (const [linkId, state] of await linkStates(world))
    expect(links.get(linkId)).toMatchObject({ status: state.status });
});
