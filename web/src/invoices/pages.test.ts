import { expect, test } from 'vitest';
import { countingStopsAt, firstPages, pageWanted, rowAt, withPage } from './pages.ts';
import type { PageAnswer, PageRequest, Pages } from './pages.ts';

const pageSize = 4;

/** A server that holds the numbers below `count` and answers as a keyset would. */
const server =
  (count: number) =>
  (request: PageRequest): PageAnswer<number> => {
    const start =
      request.from === 'start'
        ? Number(request.after ?? -1) + 1
        : Math.max(Number(request.before ?? count) - pageSize, 0);
    const end = request.from === 'start' ? start + pageSize : Number(request.before ?? count);
    const length = Math.min(end, count) - start;
    const rows = Array.from({ length }, (_, index) => start + index);
    return {
      rows,
      totalCount: Math.min(count, countingStopsAt),
      startCursor: rows.length === 0 ? null : String(rows[0]),
      endCursor: rows.length === 0 ? null : String(rows.at(-1)),
      hasNextPage: end < count,
    };
  };

/** Reads until the places are filled; returns how many pages that took. */
function fill(ask: ReturnType<typeof server>, pages: Pages<number>, first: number, last: number) {
  let known = pages;
  let reads = 0;
  for (;;) {
    const request = pageWanted(known, { first, last });
    if (request === null) return { known, reads };
    known = withPage(known, request, ask(request));
    reads += 1;
  }
}

const open = (count: number) => {
  const ask = server(count);
  return { ask, pages: firstPages(ask({ from: 'start', after: null })) };
};

/** Every pair of looks at a list of every length up to a few pages. */
const looks = Array.from({ length: 14 }, (_, index) => index + 1).flatMap((count) =>
  Array.from({ length: count }, (_, first) =>
    Array.from({ length: count }, (_, second) => ({ count, places: [first, second] })),
  ).flat(),
);

test('each place holds its own row, in whatever order places were looked at', () => {
  for (const { count, places } of looks) {
    expect(misplaced(count, places)).toEqual([]);
  }
});

/** Places that hold another row than their own after the given looks. */
function misplaced(count: number, places: readonly number[]): number[] {
  const { ask, pages } = open(count);
  const wrong: number[] = [];
  let known = pages;
  for (const first of places) {
    const last = Math.min(first + 2, count - 1);
    known = fill(ask, known, first, last).known;
    for (let place = first; place <= last; place += 1)
      if (rowAt(known, place) !== place || known.total !== count) wrong.push(place);
  }
  return wrong;
}

test('the end is read from the end, in one page', () => {
  const { ask, pages } = open(10_000);
  const { known, reads } = fill(ask, pages, 9_996, 9_999);
  expect(reads).toBe(1);
  expect(rowAt(known, 9_999)).toBe(9_999);
  expect(rowAt(known, 5_000)).toBeUndefined();
});

test('a list too long to count grows from its beginning until its end is reached', () => {
  const { ask, pages } = open(countingStopsAt + 9);
  expect(pages).toMatchObject({ isCapped: true, total: countingStopsAt });
  let known = pages;
  while (known.isCapped) known = fill(ask, known, known.total - 1, known.total - 1).known;
  expect(known).toMatchObject({ total: countingStopsAt + 9, tail: [] });
});

test('a list that shrank meanwhile ends where the server says it ends', () => {
  const { pages } = open(30);
  const shorter = withPage(
    pages,
    { from: 'start', after: '3' },
    { rows: [4, 5], totalCount: 6, startCursor: '4', endCursor: '5', hasNextPage: false },
  );
  expect(shorter.total).toBe(6);
  expect(pageWanted(shorter, { first: 0, last: 29 })).toBeNull();
});
