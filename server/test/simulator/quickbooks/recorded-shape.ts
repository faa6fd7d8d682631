import { recordedJson } from '../../recorded.ts';
import { isObject, type JsonObject } from '../../../simulator/quickbooks/json.ts';

/** A recording that is one object. */
export function recordedObject(path: string): JsonObject {
  const value = recordedJson(path);
  if (!isObject(value)) throw new Error(`${path} holds no object`);
  return value;
}

/** Keys and the types of their values, at every depth; of a list the shape of each entry. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

/** Every path to a plain value with its type, `Line.0.Amount number` say: readable where shapes differ. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${path} empty list`];
    return value.flatMap((entry, index) => pathsOf(entry, below(String(index))));
  }
  if (!isObject(value)) return [`${path} ${value === null ? 'null' : typeof value}`];
  const keys = Object.keys(value);
  if (keys.length === 0) return [`${path} empty object`];
  return keys.flatMap((key) => pathsOf(value[key], below(key)));
}

/** Which paths each of two answers has beyond the other. */
export function differences(mine: unknown, recorded: unknown) {
  const [ours, theirs] = [new Set(pathsOf(mine)), new Set(pathsOf(recorded))];
  const beyond = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((path) => !other.has(path)).toSorted();
  return { added: beyond(ours, theirs), missing: beyond(theirs, ours) };
}
