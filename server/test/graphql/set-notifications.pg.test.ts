import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, type Bridge } from './bridge.ts';
import { askAnew, globalId, seedBooks } from './requests.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.close();
});

describe('setNotifications', () => {
  test('keeps what is left out, takes each address once, and clears the address posted to', async () => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);
    await askAnew(bridge, 'setNotifications', {
      companyId: id,
      expectedVersion: 1,
      emails: ['ops@globex.example', 'ops@globex.example'],
      webhookUrl: 'https://hooks.example/ledger',
      kinds: ['DRIFT', 'CONFLICT'],
    });

    const result = await askAnew(bridge, 'setNotifications', {
      companyId: id,
      expectedVersion: 2,
      webhookUrl: null,
      digestMinutes: 0,
    });

    expect(result).toMatchObject({
      company: {
        version: 3,
        notifications: {
          emails: ['ops@globex.example'],
          webhookUrl: null,
          kinds: ['CONFLICT', 'DRIFT'],
          digestMinutes: 0,
        },
      },
    });
  });

  test('a new address to post to comes with a secret, once; what else changes leaves both alone', async () => {
    const { companyId } = await seedBooks(bridge);
    const id = globalId('Company', companyId);
    const quietHours = { from: '22:00', until: '07:00', timeZone: 'Europe/Vienna' };
    const webhookUrl = 'https://hooks.example/ledger';

    const first = await askAnew(bridge, 'setNotifications', {
      companyId: id,
      expectedVersion: 1,
      webhookUrl,
      quietHours,
    });
    const second = await askAnew(bridge, 'setNotifications', {
      companyId: id,
      expectedVersion: 2,
      webhookUrl,
      digestMinutes: 60,
    });

    expect(first).toMatchObject({
      webhookSecret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      company: { notifications: { quietHours } },
    });
    expect(second).toMatchObject({
      webhookSecret: null,
      company: { notifications: { webhookUrl, quietHours, digestMinutes: 60 } },
    });
  });

  test.each([
    [{ emails: ['fine@globex.example', 'nobody'] }, ['emails', '1']],
    [{ webhookUrl: 'http://192.168.1.1/' }, ['webhookUrl']],
    [{ digestMinutes: 1441 }, ['digestMinutes']],
    [{ quietHours: { from: '25:00', until: '07:00', timeZone: 'UTC' } }, ['quietHours', 'from']],
    [{ quietHours: { from: '07:00', until: '07:00', timeZone: 'UTC' } }, ['quietHours', 'until']],
    [{ quietHours: { from: '22:00', until: '7', timeZone: 'UTC' } }, ['quietHours', 'until']],
    [
      { quietHours: { from: '22:00', until: '07:00', timeZone: 'Mars/Olympus' } },
      ['quietHours', 'timeZone'],
    ],
  ])('refuses %j', async (input, path) => {
    const { companyId } = await seedBooks(bridge);
    const place = { companyId: globalId('Company', companyId), expectedVersion: 1 };

    const result = await askAnew(bridge, 'setNotifications', { ...place, ...input });

    expect(result).toMatchObject({ code: 'VALIDATION', issues: [{ path }] });
  });
});
