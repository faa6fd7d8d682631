import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Secrets } from '#ports/secrets.ts';

const form = { version: 1, keyIdBytes: 4, ivBytes: 12, tagBytes: 16 } as const;

const keyIdOf = (key: Buffer): Buffer =>
  createHash('sha256').update(key).digest().subarray(0, form.keyIdBytes);

/** Marks are made under a key of their own, so that none says anything of what is sealed. */
const markOf = (key: Buffer, text: string): Buffer => {
  const marking = createHmac('sha256', key).update('marks').digest();
  return createHmac('sha256', marking).update(text, 'utf8').digest();
};

/** AES-256-GCM; each sealed text names the key that opens it, so that two keys can serve during a rotation. */
export function createSecrets(key: Buffer, previous: Buffer | null): Secrets {
  const keys = previous === null ? [key] : [key, previous];
  return {
    mark: (text) => markOf(key, text).toString('base64url'),
    isMarkOf: (text, mark) => {
      const given = Buffer.from(mark, 'base64url');
      return keys
        .map((candidate) => markOf(candidate, text))
        .some((made) => made.length === given.length && timingSafeEqual(made, given));
    },
    seal: (secret) => {
      const iv = randomBytes(form.ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([
        Buffer.from([form.version]),
        keyIdOf(key),
        iv,
        cipher.getAuthTag(),
        text,
      ]);
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed);
      const id = bytes.subarray(1, 1 + form.keyIdBytes);
      const held = keys.find((candidate) => keyIdOf(candidate).equals(id));
      if (bytes[0] !== form.version || held === undefined)
        throw new Error(
          'no key at hand opens this secret; set LEDGERBRIDGE_SECRET_KEY_PREVIOUS to the key it was sealed with',
        );
      const ivAt = 1 + form.keyIdBytes;
      const tagAt = ivAt + form.ivBytes;
      const textAt = tagAt + form.tagBytes;
      const decipher = createDecipheriv('aes-256-gcm', held, bytes.subarray(ivAt, tagAt));
      decipher.setAuthTag(bytes.subarray(tagAt, textAt));
      return decipher.update(bytes.subarray(textAt), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
