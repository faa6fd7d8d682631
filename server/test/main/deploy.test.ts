import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environmentSchema } from '#main/environment.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
});
const compose = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});
const { services } = compose.parse(
  z
    .looseObject({})
    .transform(({ services, volumes }) => ({ services, volumes }))
    .parse(parse(textOf('docker-compose.yml'), { merge: true })),
);
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('ledgerbridge'));

/** What the image holds at the end: the last stage's copies. */
const copied = [...textOf('Dockerfile').matchAll(/^COPY --from=build \/app\/(\S+) /gm)].map(
  ([, place = '']) => place,
);

test('compose runs the database, an api and two workers, with both simulators on demand', () => {
  expect(Object.keys(services).toSorted()).toEqual([
    'api',
    'invoicing-simulator',
    'postgres',
    'quickbooks-simulator',
    'worker',
  ]);
  expect(services['worker']?.deploy?.replicas).toBe(2);
  expect(services['api']?.environment['LEDGERBRIDGE_ROLE']).toBe('api');
  expect(services['worker']?.environment['LEDGERBRIDGE_ROLE']).toBe('worker');
  expect(services['api']?.healthcheck?.test.join(' ')).toContain('/health/ready');
});

test('every service of ours has a read-only file system and no capabilities, and sets only variables there are', () => {
  expect(ours).toHaveLength(4);
  const known = new Set(Object.keys(environmentSchema.shape));
  for (const [name, { environment, read_only: isReadOnly, cap_drop: dropped }] of ours) {
    expect([name, isReadOnly, dropped]).toEqual([name, true, ['ALL']]);
    expect(Object.keys(environment).filter((variable) => !known.has(variable))).toEqual([]);
  }
});

test('the image runs as nobody special, and what it starts is among what it holds', () => {
  const dockerfile = textOf('Dockerfile');
  expect(dockerfile).toMatch(/^USER node$/m);
  const started = [
    /CMD \["node", "(.+)"\]/.exec(dockerfile)?.[1] ?? '',
    ...ours.flatMap(([, { command }]) => command?.slice(1) ?? []),
  ];
  expect(started).toHaveLength(3);
  for (const file of started) {
    expect(existsSync(path.join(root, file))).toBe(true);
    expect(copied.some((place) => file.startsWith(`${place}/`))).toBe(true);
  }
  const sources = copied.filter((place) => !/node_modules|dist/.test(place));
  expect(sources.filter((place) => !existsSync(path.join(root, place)))).toEqual([]);
});
