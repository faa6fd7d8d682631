/** Ends a switch: a new member of a union breaks the build here, not the books. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
