import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../../simulator/control/random.ts';
import {
  webhookKnobs,
  WebhookSender,
  type BuildDelivery,
  type WebhookSenderOptions,
} from '../../../simulator/control/webhook-sender.ts';

type Answer = number | 'hang';
let received: string[];
let answers: Answer[];
let url: string;
let listener: http.Server;
const senders: WebhookSender[] = [];

beforeEach(async () => {
  received = [];
  answers = [];
  listener = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push(body);
      const answer = answers.shift() ?? 200;
      if (answer !== 'hang') response.writeHead(answer, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.number() }).parse(listener.address());
  url = `http://127.0.0.1:${address.port}/hook`;
});
afterEach(() => {
  for (const sender of senders.splice(0)) sender.close();
  listener.closeAllConnections();
  listener.close();
});

function senderWith(options: Partial<WebhookSenderOptions>, knobs: object = {}): WebhookSender {
  const sender = new WebhookSender({
    random: seededRandom('sender'),
    retryScheduleMs: [10, 10],
    ...options,
  });
  sender.turnKnobs(z.object(webhookKnobs).parse(knobs));
  senders.push(sender);
  return sender;
}
const bodies = (...list: string[]) => list.map((body) => () => ({ url, headers: {}, body }));
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test('deliveries arrive once each and are counted', async () => {
  const sender = senderWith({});
  sender.send(bodies('a', 'b'));
  await sender.idle();

  expect(received.toSorted()).toEqual(['a', 'b']);
  expect(sender.counts()).toEqual({ acknowledged: 2, dropped: 0, failedAttempts: 0, givenUp: 0 });
});

test.each<Answer>([500, 302, 404, 'hang'])(
  'a delivery answered with %s is tried again, built anew',
  async (answer) => {
    answers = [answer];
    const sender = senderWith({ answerWithinMs: 200 });
    let attempt = 0;
    sender.send([() => ({ url, headers: {}, body: `attempt ${(attempt += 1)}` })]);
    await sender.idle();

    expect(received).toEqual(['attempt 1', 'attempt 2']);
    expect(sender.counts()).toMatchObject({ acknowledged: 1, failedAttempts: 1 });
  },
);

test('a delivery is given up when the schedule is used up', async () => {
  answers = [500, 500, 500, 500];
  const sender = senderWith({});
  sender.send(bodies('a'));
  await sender.idle();

  expect(received).toEqual(['a', 'a', 'a']);
  expect(sender.counts()).toMatchObject({ givenUp: 1 });
});

test('the last span repeats for ever when that is the custom', async () => {
  answers = [500, 500, 500, 500, 500];
  const sender = senderWith({ retryScheduleMs: [5], repeatLastRetry: true });
  sender.send(bodies('a'));
  await sender.idle();
  expect(received).toHaveLength(6);
});

test('retryScale shortens the schedule', async () => {
  answers = [500];
  const sender = senderWith({ retryScheduleMs: [3_600_000] }, { retryScale: 0 });
  sender.send(bodies('a'));
  await sender.idle();
  expect(received).toEqual(['a', 'a']);
});

test('head of line: later deliveries wait until the earliest is acknowledged', async () => {
  answers = [500, 500];
  const sender = senderWith({ headOfLine: true });
  sender.send(bodies('a', 'b'));
  await sender.idle();
  expect(received).toEqual(['a', 'a', 'a', 'b']);
});

test('without head of line a failing delivery lets the others pass', async () => {
  answers = [500];
  const sender = senderWith({ concurrencyMax: 1, retryScheduleMs: [50] });
  sender.send(bodies('a', 'b'));
  await sender.idle();
  expect(received).toEqual(['a', 'b', 'a']);
});

test('drop loses deliveries', async () => {
  const sender = senderWith({}, { drop: 1 });
  sender.send(bodies('a', 'b'));
  await sender.idle();
  expect([received, sender.counts().dropped]).toEqual([[], 2]);
});

test('duplicate 2 sends everything three times', async () => {
  const sender = senderWith({}, { duplicate: 2 });
  sender.send(bodies('a'));
  await sender.idle();
  expect(received).toEqual(['a', 'a', 'a']);
});

test('shuffle changes the order and loses nothing', async () => {
  const sender = senderWith({ concurrencyMax: 1 }, { shuffle: true });
  sender.send(bodies(...numbered(30)));
  await sender.idle();

  expect(received).not.toEqual(numbered(30));
  expect(received.toSorted()).toEqual(numbered(30).toSorted());
});

test('without shuffle and side by side sending the order is kept', async () => {
  const sender = senderWith({ concurrencyMax: 1 });
  sender.send(bodies(...numbered(30)));
  await sender.idle();
  expect(received).toEqual(numbered(30));
});

test('delayMs holds the first attempt back', async () => {
  const sender = senderWith({}, { delayMs: 60 });
  const startMs = performance.now();
  sender.send(bodies('a'));
  await sender.idle();
  expect(performance.now() - startMs).toBeGreaterThan(50);
});

test('a delivery that nobody listens for ends quietly', async () => {
  const sender = senderWith({});
  sender.send([() => null]);
  await sender.idle();
  expect(sender.counts()).toEqual({ acknowledged: 0, dropped: 0, failedAttempts: 0, givenUp: 0 });
});

test('an absent knob stays as it is until all are reset', () => {
  const sender = senderWith({}, { drop: 0.5, shuffle: true });
  sender.turnKnobs({ delayMs: 20 });
  expect(sender.knobs()).toEqual({
    drop: 0.5,
    duplicate: 0,
    delayMs: 20,
    shuffle: 1,
    retryScale: 1,
  });

  sender.resetKnobs();
  expect(sender.knobs()).toEqual({ drop: 0, duplicate: 0, delayMs: 0, shuffle: 0, retryScale: 1 });
});

test('closing cuts off what waits and what hangs', async () => {
  answers = ['hang'];
  const sender = senderWith({ retryScheduleMs: [3_600_000] }, {});
  sender.send(bodies('a'));
  sender.close();
  await sender.idle();
  expect(received.length).toBeLessThanOrEqual(1);
});

test('a delivery is settled once it is acknowledged, dropped, given up or nobody listens', async () => {
  answers = [500, 500, 500];
  const settled: string[] = [];
  const send = async (name: string, build: BuildDelivery, knobs: object = {}) => {
    const sender = senderWith({}, knobs);
    sender.send([build], () => settled.push(name));
    await sender.idle();
  };
  const [build = () => null] = bodies('a');
  await send('given up', build);
  await send('acknowledged', build);
  await send('dropped', build, { drop: 1 });
  await send('nobody listens', () => null);
  expect(settled).toEqual(['given up', 'acknowledged', 'dropped', 'nobody listens']);
});

test('what is forgotten is neither sent again nor settled, and later deliveries go out', async () => {
  answers = [500];
  const settled: string[] = [];
  const sender = senderWith({ headOfLine: true, retryScheduleMs: [60_000] });
  sender.send(bodies('a'), () => settled.push('a'));
  await expect.poll(() => sender.counts().failedAttempts, { timeout: 5_000 }).toBe(1);

  sender.forget();
  sender.send(bodies('b'), () => settled.push('b'));
  await sender.idle();
  expect(received).toEqual(['a', 'b']);
  expect(settled).toEqual(['b']);
});

test('in a hurry the head of the line does not wait out its span', async () => {
  answers = [500];
  const sender = senderWith({ headOfLine: true, retryScheduleMs: [60_000] });
  sender.send(bodies('a', 'b'));
  await expect.poll(() => sender.counts().failedAttempts, { timeout: 5_000 }).toBe(1);

  sender.hurry();
  await sender.idle();
  expect(received).toEqual(['a', 'a', 'b']);
});
