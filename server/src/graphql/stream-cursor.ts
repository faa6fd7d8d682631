/** A place in the event stream: which generation of it, and the position of the last event before the place. */
export type StreamPlace = { readonly generation: string; readonly position: bigint };

const layout = { version: 1, versionBytes: 1, generationBytes: 16, positionBytes: 8 } as const;
const size = layout.versionBytes + layout.generationBytes + layout.positionBytes;

/** Opaque text of a place; the same place always has the same text. */
export function encodeCursor({ generation, position }: StreamPlace): string {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt8(layout.version, 0);
  bytes.write(generation.replaceAll('-', ''), layout.versionBytes, 'hex');
  bytes.writeBigInt64BE(position, layout.versionBytes + layout.generationBytes);
  return bytes.toString('base64url');
}

/** Reads a cursor; null when we did not make it. */
export function decodeCursor(text: string): StreamPlace | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== size || bytes.readUInt8(0) !== layout.version) return null;
  const hex = bytes.toString(
    'hex',
    layout.versionBytes,
    layout.versionBytes + layout.generationBytes,
  );
  const position = bytes.readBigInt64BE(layout.versionBytes + layout.generationBytes);
  if (position < 0n) return null;
  const generation = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { generation, position };
}
