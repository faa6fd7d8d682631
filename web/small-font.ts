import subsetFont from 'subset-font';
import type { Plugin } from 'vite';

/** Characters of a range, both ends included. */
const range = (from: number, to: number): string =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, step) => from + step));

/** Latin as western languages write it, and the signs of prose and money; anything else falls back to the system's font. */
const characters = [
  range(0x20, 0x7e),
  range(0xa0, 0xff),
  range(0x2010, 0x2027),
  'ıŒœˆ˚˜‰′″‹›⁄€™↑↓−∕\ufffd',
].join('');

/** The weights the style sheet asks for, from plain to semibold. */
const weights = { min: 400, max: 600 };

/** Keeps of each font what the pages use; api-and-web.md §3.8 allows 45 kB. The file's name is that of the whole font. */
export const smallFont: Plugin = {
  name: 'small-font',
  async generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.woff2')) continue;
      file.source = await subsetFont(Buffer.from(file.source), characters, {
        targetFormat: 'woff2',
        variationAxes: { wght: weights },
      });
    }
  },
};
