import type { ClaimedConflict } from '#ports/store.ts';

/** A decision is in force once its undo window is over, and stays so until it has crossed. */
export const isInForce = ({ status, applyInMs }: ClaimedConflict): boolean =>
  status === 'APPLYING' || (status === 'UNDO_WINDOW' && applyInMs !== null && applyInMs <= 0);
