import { Client, fetchExchange, gql } from 'urql';
import { expect, test } from 'vitest';
import { entityCache } from './entity-cache.ts';

const letter = { __typename: 'DeadLetter', id: 'letter-1', version: '1' };
const event = { __typename: 'OutboxEvent', id: 'event-1', version: '1' };

/** What the dead letters' page asks, and then what the audit trail asks about whatever an entry is about. */
const listed = gql`
  query Listed {
    node(id: "letter-1") {
      ... on DeadLetter {
        id
        version
        invoice {
          id
          version
        }
      }
    }
  }
`;
const audited = gql`
  query Audited {
    node(id: "letter-1") {
      ... on Conflict {
        id
        version
        invoice {
          id
          version
          number
        }
      }
      ... on DeadLetter {
        id
        version
        event {
          id
          version
        }
      }
    }
  }
`;

test('what was asked of a dead letter elsewhere does not make it pass for a conflict', async () => {
  const answers = [
    { node: { ...letter, invoice: { __typename: 'Invoice', id: 'invoice-1', version: '1' } } },
    { node: { ...letter, event } },
  ];
  const client = new Client({
    url: 'http://127.0.0.1/graphql',
    exchanges: [entityCache(), fetchExchange],
    fetch: async () => Response.json({ data: answers.shift() }),
  });

  await client.query(listed, {}).toPromise();
  const { data, error } = await client.query(audited, {}).toPromise();

  expect(error).toBeUndefined();
  expect(data).toMatchObject({ node: { id: 'letter-1', event: { id: 'event-1' } } });
});
