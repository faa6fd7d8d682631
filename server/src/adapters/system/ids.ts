import { hash, randomBytes } from 'node:crypto';
import type { Digest } from '#ports/digest.ts';
import type { Ids } from '#ports/ids.ts';

/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then chance, so that ids sort by time. */
function uuidV7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

export const systemIds: Ids = {
  next: () => uuidV7(Date.now()),
  chance: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};

export const systemDigest: Digest = {
  sha256: (text) => hash('sha256', text),
};
