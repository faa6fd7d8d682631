import { z } from 'zod';
import { badInput } from './errors.ts';
import { isUuid } from './page-window.ts';

const storedCursor = z.tuple([z.string(), z.unknown(), z.unknown()]);

/** The order of a list of one planning pass: its cursors name the pass, so that a newer one does not move whoever is reading. */
export const orderOfPass = (list: string, passId: string): string => `${list}:${passId}`;

/** The pass a cursor was made in. Throws `BAD_USER_INPUT` for one of another list. */
export function passOfCursor(list: string, cursor: string): string {
  const refusal = badInput('The cursor does not belong to this list or its order.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refusal;
  }
  const read = storedCursor.safeParse(parts);
  const [named, passId = ''] = read.success ? read.data[0].split(':') : [];
  if (named !== list || !isUuid(passId)) throw refusal;
  return passId;
}

/** Only the newest passes are kept: without their rows the page would look like the end of the list. */
export const passIsGone = () =>
  badInput('The plan that this cursor belongs to is not kept any more; read it anew.');
