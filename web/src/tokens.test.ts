import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Oklch = readonly [lightness: number, chroma: number, hue: number];

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const one = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
const pattern = new RegExp(String.raw`--color-([a-z-]+): light-dark\(${one}, ${one}\);`, 'g');

const tokens = new Map(
  [...css.matchAll(pattern)].map((match) => {
    const [l = 0, c = 0, h = 0, darkL = 0, darkC = 0, darkH = 0] = match.slice(2).map(Number);
    const light: Oklch = [l, c, h];
    const dark: Oklch = [darkL, darkC, darkH];
    return [match[1] ?? '', { light, dark }] as const;
  }),
);

/** Relative luminance as WCAG defines it, from OKLCH by way of linear sRGB. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (channel: number) => Math.min(Math.max(channel, 0), 1);
  const red = clamp(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clamp(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clamp(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string, theme: 'light' | 'dark'): number {
  const [a, b] = [front, back].map((name) => {
    const token = tokens.get(name);
    if (token === undefined) throw new Error(`no token ${name}`);
    return luminance(token[theme]);
  });
  const [darker = 0, lighter = 0] = [a ?? 0, b ?? 0].toSorted((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds = ['paper', 'surface', 'raised'];
const texts = ['ink', 'ink-soft', 'internal', 'quickbooks', 'us', 'you', 'done'];
const onSoft = ['internal', 'quickbooks', 'us', 'you', 'done'].flatMap((name) => [
  [name, `${name}-soft`],
  ['ink', `${name}-soft`],
  ['ink-soft', `${name}-soft`],
]);
const textPairs = [...texts.flatMap((text) => grounds.map((ground) => [text, ground])), ...onSoft];

test('the tokens are read at all', () => {
  expect(tokens.size).toBeGreaterThan(15);
  expect(contrast('ink', 'surface', 'light')).toBeGreaterThan(12);
});

test.each(textPairs)(
  '%s on %s is readable in both themes (WCAG 1.4.3)',
  (front = '', back = '') => {
    expect(contrast(front, back, 'light')).toBeGreaterThanOrEqual(4.5);
    expect(contrast(front, back, 'dark')).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(grounds)('the edge of a control is seen on %s in both themes (WCAG 1.4.11)', (ground) => {
  expect(contrast('line-strong', ground, 'light')).toBeGreaterThanOrEqual(3);
  expect(contrast('line-strong', ground, 'dark')).toBeGreaterThanOrEqual(3);
});
