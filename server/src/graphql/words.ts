import type { Side as CoreSide } from '#core/side.ts';
import type { Side } from '#generated/prisma/client.ts';

/** The contract's word for a side. */
export const sideName = {
  internal: 'INTERNAL',
  quickbooks: 'QUICKBOOKS',
} as const satisfies Record<CoreSide, Side>;
