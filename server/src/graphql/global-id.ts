import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay';
import { isUuid } from './page-window.ts';

/** Global id of an object, as the contract's `ID` fields carry it. */
export const globalId = (typename: string, id: string): string => encodeGlobalID(typename, id);

/** Type and own id of a global id; null for text we did not make. */
export function readGlobalId(
  text: string,
): { readonly typename: string; readonly id: string } | null {
  try {
    return decodeGlobalID(text);
  } catch {
    return null;
  }
}

/** Own id of a global id of that type; null when it is none, so that it is simply not found. */
export function idOf(typename: string, text: string): string | null {
  const read = readGlobalId(text);
  return read !== null && read.typename === typename && isUuid(read.id) ? read.id : null;
}

/** Own ids of those global ids that are of that type. */
export const idsOf = (typename: string, texts: readonly string[]): string[] =>
  texts.map((text) => idOf(typename, text)).filter((id) => id !== null);
