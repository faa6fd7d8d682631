import { builder } from './builder.ts';

/** Arguments of a list at the top: forward and backward. */
export const listArguments = () =>
  builder.args((t) => ({
    first: t.int({ description: 'Page size, 1 to 200.' }),
    after: t.string({ description: 'Start after this cursor.' }),
    last: t.int({ description: 'Page size from the end.' }),
    before: t.string({ description: 'End before this cursor.' }),
  }));

/** Arguments of a list inside another object: forward only. */
export const nestedListArguments = () =>
  builder.args((t) => ({
    first: t.int({ description: 'Page size.' }),
    after: t.string({ description: 'Start after this cursor.' }),
  }));
