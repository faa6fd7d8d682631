// The list of invoices as one would write it by hand: node:http, one prepared statement that builds the whole answer.
import { createServer } from 'node:http';
import process from 'node:process';
import { Pool } from 'pg';
import { listStatement } from './list-statement.ts';

const pool = new Pool({ connectionString: process.argv[2] ?? '', max: 10 });
const statement = { name: 'list', text: listStatement };

const server = createServer((_request, response) => {
  pool.query<{ answer: string }>(statement).then(
    ({ rows }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(rows[0]?.answer);
    },
    (error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
