import * as fc from 'fast-check';
import http from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject } from '../../../simulator/quickbooks/json.ts';
import { expectBooksInOrder } from './books-in-order.ts';
import { shot, type Shot } from './odd-requests.ts';
import { demoRealm, startSimulator, type Running } from './running-simulator.ts';

let simulator: Running;
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  agent.destroy();
  await simulator.close();
});

const requestsInAll = 10_000;

function fire({
  method,
  path,
  body: content,
  headers: more,
}: Shot): Promise<{ status: number; text: string; type: string }> {
  const url = new URL(simulator.url);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method,
        path,
        headers: {
          authorization: `Bearer ${simulator.accessToken}`,
          accept: 'application/json',
          'content-length': String(Buffer.byteLength(content ?? '')),
          ...more,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            type: response.headers['content-type'] ?? '',
          }),
        );
      },
    );
    request.on('error', (error) =>
      reject(new Error(`${method} ${path} ${content}`, { cause: error })),
    );
    request.end(content);
  });
}

function explain(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value)
      ? (value['Fault'] ?? value['fault'] ?? value['error'] ?? value['QueryResponse'])
      : value;
  } catch {
    return text;
  }
}

test(
  'whatever is sent, the answer is one of Intuit’s, and the books stay in order',
  { timeout: 60_000 },
  async () => {
    const shots = fc.sample(shot, { numRuns: requestsInAll, seed: 20_261_122 });
    const seen = new Map<number, number>();
    for (let from = 0; from < shots.length; from += 16) {
      const block = shots.slice(from, from + 16);
      const answers = await Promise.all(block.map(fire));
      answers.forEach((answer, index) => {
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        const told = `${JSON.stringify(block[index])} → ${answer.text.slice(0, 500)}`;
        expect(answer.status, told).toBeLessThan(500);
        if (answer.status !== 200 && answer.text !== '' && /json/.test(answer.type)) {
          expect(explain(answer.text), told).toBeDefined();
        }
      });
    }
    expect(seen.get(200), 'some of it has to work').toBeGreaterThan(1_000);
    expect(seen.get(400), 'some of it has to fail').toBeGreaterThan(1_000);

    const state = await simulator.control('GET', `/realms/${demoRealm}/state`);
    const mutations = await simulator.mutations();
    expect(mutations.length).toBeGreaterThan(300);
    expectBooksInOrder(state, mutations);
  },
);
