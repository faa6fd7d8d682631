import { expect, test } from 'vitest';
import { csvText } from './csv.ts';

test('commas, quotes and line ends are kept inside their cell', () => {
  expect(
    csvText([
      ['a', 'b,c'],
      ['say "so"', 'one\ntwo'],
    ]),
  ).toBe('\uFEFFa,"b,c"\r\n"say ""so""","one\ntwo"\r\n');
});

test.each(['=1+1', '+A1', '-A1', '@cmd', '\tx'])('%o is text to a spreadsheet', (value) => {
  expect(csvText([[value]])).toBe(`\uFEFF'${value}\r\n`);
});

test('amounts stay numbers, and nothing stays empty', () => {
  expect(csvText([['-12.50', 3, null, '']])).toBe('\uFEFF-12.50,3,,\r\n');
});
