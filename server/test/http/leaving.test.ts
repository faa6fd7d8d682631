import { Agent, get } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startLeaving } from './fakes.ts';

const answer = { query: '{ ok }' };
const ask = (url: string): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answer),
  });

test('while it leaves it is not ready and still serves; what was under way is finished', async () => {
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { url, close } = await startLeaving({
    drainMs: 300,
    graphql: {
      handle: async () => {
        begun.resolve();
        await gate.promise;
        return new Response('{"done":true}');
      },
      upgrade: (_request, socket) => void socket.destroy(),
      dispose: async () => gate.resolve(),
    },
  });
  const underWay = ask(url);
  await begun.promise;

  const closed = close();
  const ready = await fetch(`${url}/health/ready`);
  const live = await fetch(`${url}/health/live`);

  expect([ready.status, (await ready.json()) as unknown]).toEqual([
    503,
    { status: 'stopping', checks: {} },
  ]);
  expect(live.status).toBe(200);
  expect(await (await underWay).text()).toBe('{"done":true}');
  await closed;
  await expect(ask(url)).rejects.toThrow('fetch failed');
});

test('a connection that is still open is told to come again elsewhere', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [disposing, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { url, close } = await startLeaving({
    graphql: {
      handle: async () => new Response('{}'),
      upgrade: (_request, socket) => void socket.destroy(),
      // The connection is in use until here, so it outlives the listener.
      dispose: () => {
        disposing.resolve();
        return ended.promise;
      },
    },
  });
  const call = async () => {
    const request = get(`${url}/health/live`, { agent });
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
  };
  expect(await call()).toEqual({ status: 200, retryAfter: undefined });

  const closed = close();
  await disposing.promise;
  expect(await call()).toEqual({ status: 503, retryAfter: '1' });

  ended.resolve();
  await closed;
  agent.destroy();
});

test('a database that is away is 503 with the time to come again, and says nothing of itself', async () => {
  const away = new Error('Connection terminated due to connection timeout');
  const { url, close } = await startLeaving({
    isUnavailable: (error) => error === away,
    graphql: {
      handle: async () => Promise.reject(away),
      upgrade: (_request, socket) => void socket.destroy(),
      dispose: async () => {},
    },
  });

  const response = await ask(url);

  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await response.text()).not.toContain('timeout');
  await close();
});
