import { expect, test } from 'vitest';
import type { PageRequest } from './pages.ts';
import { PagesStore } from './pages-store.ts';
import type { PageReading } from './pages-store.ts';

type Row = { readonly id: string; readonly version: number };

const failure = { sentence: 'LedgerBridge did not answer.', correlationId: null };

/** A list of the given length; its timers run when told to. */
function openList(total: number) {
  const asked: PageRequest[] = [];
  const looked: string[][] = [];
  const timers: (() => void)[] = [];
  let isAway = false;
  let version = 1;
  const rows = () => Array.from({ length: total }, (_, index) => ({ id: `row-${index}`, version }));
  const store = new PagesStore<Row>({
    readPage: (request): Promise<PageReading<Row>> => {
      asked.push(request);
      if (isAway) return Promise.resolve({ kind: 'failed', failure });
      const start = request.from === 'start' ? Number(request.after ?? 0) : total - 10;
      const page = rows().slice(start, start + 10);
      const hasNextPage = start + 10 < total;
      const endCursor = String(start + page.length);
      return Promise.resolve({
        kind: 'page',
        page: { rows: page, totalCount: total, startCursor: String(start), endCursor, hasNextPage },
      });
    },
    readRows: (ids) => {
      looked.push([...ids]);
      return Promise.resolve(rows().filter(({ id }) => ids.includes(id)));
    },
    later: (act) => {
      timers.push(act);
      return () => void timers.splice(timers.indexOf(act), 1);
    },
  });
  const settle = async () => {
    await new Promise((resume) => setTimeout(resume, 0));
    for (const act of timers.splice(0)) act();
    await new Promise((resume) => setTimeout(resume, 0));
  };
  return {
    store,
    asked,
    looked,
    settle,
    change: () => (version += 1),
    goAway: (away: boolean) => (isAway = away),
  };
}

test('pages are read as far as the reader looks and will soon, and no further', async () => {
  const { store, asked, settle } = openList(200);
  store.reload();
  await settle();
  store.want(0, 8);
  await settle();
  expect(asked).toHaveLength(1);

  store.want(12, 18);
  await settle();
  expect(asked).toHaveLength(8);
  expect(store.getSnapshot()).toMatchObject({ total: 200, failure: null });
  expect(store.getSnapshot().at(18 + 60)?.id).toBe('row-78');
  expect(store.getSnapshot().at(80)).toBeUndefined();
});

test('rows that only scroll past are not looked at', async () => {
  const { store, looked, settle } = openList(200);
  store.reload();
  await settle();
  looked.length = 0;
  for (let first = 1; first < 50; first += 1) store.want(first, first + 2);
  await settle();
  expect(looked).toEqual([['row-49', 'row-50', 'row-51']]);
});

test('rows on screen are looked at once, and again only when they changed', async () => {
  const { store, looked, settle, change } = openList(40);
  store.reload();
  store.want(0, 2);
  await settle();
  await settle();
  expect(looked).toEqual([['row-0', 'row-1', 'row-2']]);

  change();
  store.noteChanged(['row-1', 'row-30']);
  await settle();
  expect(looked.slice(1)).toEqual([['row-1']]);
  expect(store.getSnapshot().at(1)?.version).toBe(2);
  expect(store.getSnapshot().at(0)?.version).toBe(1);
});

test('a failure is shown beside what is known, and ends by itself when the API is back', async () => {
  const { store, settle, goAway } = openList(40);
  store.reload();
  await settle();
  goAway(true);
  store.want(10, 19);
  await settle();
  expect(store.getSnapshot()).toMatchObject({ total: 40, failure });
  expect(store.getSnapshot().at(0)?.id).toBe('row-0');

  goAway(false);
  await settle();
  expect(store.getSnapshot().failure).toBeNull();
  expect(store.getSnapshot().at(19)?.id).toBe('row-19');
});

test('reading anew keeps what is shown until the first page is there', async () => {
  const { store, settle } = openList(40);
  store.reload();
  await settle();
  store.reload();
  expect(store.getSnapshot().at(0)?.id).toBe('row-0');
  await settle();
  expect(store.getSnapshot()).toMatchObject({ total: 40, isFetching: false });
});
