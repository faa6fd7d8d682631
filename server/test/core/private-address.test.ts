import { describe, expect, test } from 'vitest';
import { isPrivateAddress, isPrivateHost } from '#core/company/private-address.ts';

const inside = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:a00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1%eth0',
  'ff02::1',
  'not an address',
];
const outside = [
  '1.1.1.1',
  '11.0.0.1',
  '100.128.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2606:4700::1111',
  '2002:808:808::',
];

describe('an address', () => {
  test.each(inside)('%s leads inside', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });
  test.each(outside)('%s leads outside', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('the host of a URL, however it is spelled', () => {
  test.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://10.0.0.1./',
  ])('%s leads inside', (url) => {
    expect(isPrivateHost(new URL(url).hostname)).toBe(true);
  });
  test.each(['https://invoicing.example/', 'https://[2606:4700::1111]/', 'http://1.1.1.1/'])(
    '%s may lead outside',
    (url) => {
      expect(isPrivateHost(new URL(url).hostname)).toBe(false);
    },
  );
});
