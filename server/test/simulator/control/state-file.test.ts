import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cpuMs } from '../../support/cpu-time.ts';
import { StateFile } from '../../../simulator/control/state-file.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'state-file-'));
});
afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

const journal = () => path.join(directory, 'journal.jsonl');
const put = (id: string, value: unknown) => ({ collection: 'invoices', id, value });

test('what was committed is there after a crash, in order, without what was taken away', () => {
  const before = new StateFile({ directory });
  before.commit([put('a', { total: '1.00' }), put('b', { total: '2.00' })]);
  before.commit([put('a', null), put('c', { total: '3.00' })]);
  // no close: the process is gone

  const after = new StateFile({ directory });

  expect([...after.records('invoices')]).toEqual([
    ['b', { total: '2.00' }],
    ['c', { total: '3.00' }],
  ]);
  after.close();
});

test.each(['[["invoices","b",{"total":"2.0', '[["invoices","b",{"total":"2.00"}]]'])(
  'a torn last line is dropped whole and later commits follow cleanly: %s',
  (torn) => {
    new StateFile({ directory }).commit([put('a', 1)]);
    fs.appendFileSync(journal(), torn);

    const second = new StateFile({ directory });
    expect([...second.records('invoices').keys()]).toEqual(['a']);
    second.commit([put('c', 3)]);
    second.close();

    const third = new StateFile({ directory });
    expect([...third.records('invoices').keys()]).toEqual(['a', 'c']);
    third.close();
  },
);

test('a damaged line that is not the last is refused by name', () => {
  new StateFile({ directory }).commit([put('a', 1)]);
  fs.appendFileSync(journal(), 'garbage\n[["invoices","b",2]]\n');

  expect(() => new StateFile({ directory })).toThrow(/journal\.jsonl line 2 .*damaged/);
});

test('the journal is folded into the snapshot when it has grown, and nothing is lost', () => {
  const file = new StateFile({ directory, journalLinesMax: 10 });
  for (let version = 1; version <= 25; version += 1) file.commit([put('a', version)]);

  const journalLines = fs.readFileSync(journal(), 'utf8').split('\n').length - 1;
  expect(journalLines).toBeLessThanOrEqual(10);

  file.close();
  const reopened = new StateFile({ directory });
  expect(reopened.records('invoices').get('a')).toBe(25);
  reopened.close();
});

test('a crash between the new snapshot and the emptied journal changes nothing', () => {
  const file = new StateFile({ directory });
  file.commit([put('a', 1), put('b', 1)]);
  file.commit([put('a', null), put('b', 2)]);
  const journalBefore = fs.readFileSync(journal());
  file.compact();
  file.close();
  fs.writeFileSync(journal(), journalBefore);

  const reopened = new StateFile({ directory });
  expect([...reopened.records('invoices')]).toEqual([['b', 2]]);
  reopened.close();
});

test('clearing leaves nothing behind on the disk', () => {
  const file = new StateFile({ directory });
  file.commit([put('a', 1)]);
  file.clear();
  file.close();

  const reopened = new StateFile({ directory });
  expect(reopened.isEmpty()).toBe(true);
  reopened.close();
});

test('every commit is put on the disk when asked for', () => {
  const file = new StateFile({ directory, fsync: 'commit' });
  file.commit([put('a', 1)]);
  expect(fs.readFileSync(journal(), 'utf8')).toBe('[["invoices","a",1]]\n');
  file.close();
});

test('without a directory everything stays in memory', () => {
  const file = new StateFile({ directory: null });
  file.commit([put('a', 1)]);
  expect(file.records('invoices').get('a')).toBe(1);
  expect(fs.readdirSync(directory)).toEqual([]);
});

test('10,000 invoices load in under a second, from journal and from snapshot', () => {
  const invoice = {
    number: 'INV-1',
    lines: Array.from({ length: 4 }, () => ({ text: 'x'.repeat(200) })),
  };
  const file = new StateFile({ directory, journalLinesMax: 20_000 });
  for (let id = 0; id < 10_000; id += 1) file.commit([put(`inv_${id}`, invoice)]);

  const loadMs = () => {
    const startMs = cpuMs();
    const loaded = new StateFile({ directory });
    const spentMs = cpuMs() - startMs;
    expect(loaded.records('invoices').size).toBe(10_000);
    loaded.close();
    return spentMs;
  };

  expect(loadMs()).toBeLessThan(1_000);
  file.compact();
  file.close();
  expect(fs.statSync(journal()).size).toBe(0);
  expect(loadMs()).toBeLessThan(1_000);
});
