import { Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, createLogger } from '../../../src/adapters/system/log.ts';
import { createSecrets } from '../../../src/adapters/system/secrets.ts';

const key = Buffer.alloc(32, 1);
const newer = Buffer.alloc(32, 2);

describe('a secret at rest', () => {
  test('opens to what was sealed, whatever it is, and never shows it', () => {
    const secrets = createSecrets(key, null);
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const sealed = secrets.seal(text);
        expect(secrets.open(sealed)).toBe(text);
        expect(Buffer.from(sealed).includes(Buffer.from(text))).toBe(false);
      }),
    );
  });

  test('is sealed differently each time', () => {
    const secrets = createSecrets(key, null);
    expect(secrets.seal('token')).not.toEqual(secrets.seal('token'));
  });

  test('still opens with the older key while a rotation runs, and not after it', () => {
    const sealed = createSecrets(key, null).seal('token');
    expect(createSecrets(newer, key).open(sealed)).toBe('token');
    expect(() => createSecrets(newer, null).open(sealed)).toThrow(
      'LEDGERBRIDGE_SECRET_KEY_PREVIOUS',
    );
  });

  test('does not open when a single bit was changed', () => {
    const secrets = createSecrets(key, null);
    const sealed = Buffer.from(secrets.seal('token'));
    for (let index = 5; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(() => secrets.open(changed)).toThrow();
    }
  });
});

describe('the log', () => {
  test('blots out secrets by their name, however deep they lie', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const log = createLog(createLogger('trace', 'test', sink));
    log.info('a fact', {
      token: 'canary',
      deeper: { accessToken: 'canary', more: { password: 'canary' } },
      kept: 'shown',
    });
    expect(lines.join()).toContain('shown');
    expect(lines.join()).not.toContain('canary');
  });
});
