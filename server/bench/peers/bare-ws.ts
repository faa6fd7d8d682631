// Sends the same bytes to every socket, as fast as it may: what bare `ws` does with what the bridge sends.
import process from 'node:process';
import { WebSocketServer } from 'ws';
import { z } from 'zod';

const asked = z.object({ texts: z.array(z.string()) });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
process.on('message', (message) => {
  for (const text of asked.parse(message).texts)
    for (const client of server.clients) client.send(text);
});
