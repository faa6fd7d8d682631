/** One page as the API answers it. */
export type PageAnswer<Row> = {
  readonly rows: readonly Row[];
  readonly totalCount: number;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
};

/** A page to ask for: on from the last known row of the beginning, or back from the first known row of the end. */
export type PageRequest =
  | { readonly from: 'start'; readonly after: string | null }
  | { readonly from: 'end'; readonly before: string | null };

/** What is known of a long list: its beginning, its end, and a gap that shrinks from both sides. */
export type Pages<Row> = {
  /** Rows the list has; grows with what is read when counting stopped early. */
  readonly total: number;
  /** True when the server stopped counting, so that the end has no known place. */
  readonly isCapped: boolean;
  readonly head: readonly Row[];
  readonly headCursor: string | null;
  readonly tail: readonly Row[];
  readonly tailCursor: string | null;
};

/** The server counts up to here (`Connection.totalCount`). */
export const countingStopsAt = 10_001;

/** The list after its first page was read. */
export function firstPages<Row>(answer: PageAnswer<Row>): Pages<Row> {
  const nothing: Pages<Row> = {
    total: answer.totalCount,
    isCapped: answer.totalCount >= countingStopsAt,
    head: [],
    headCursor: null,
    tail: [],
    tailCursor: null,
  };
  return withPage(nothing, { from: 'start', after: null }, answer);
}

/** The list with one more page. Where the two ends meet, the rows of the beginning stay: they are read in order. */
export function withPage<Row>(
  pages: Pages<Row>,
  request: PageRequest,
  answer: PageAnswer<Row>,
): Pages<Row> {
  if (request.from === 'end') {
    const room = Math.max(pages.total - pages.head.length, 0);
    const tail = [...answer.rows, ...pages.tail].slice(-room || pages.total);
    return { ...pages, tail: room === 0 ? [] : tail, tailCursor: answer.startCursor };
  }
  const head = [...pages.head, ...answer.rows];
  const headCursor = answer.endCursor ?? pages.headCursor;
  if (!answer.hasNextPage) {
    return { ...pages, total: head.length, isCapped: false, head, headCursor, tail: [] };
  }
  const total = Math.max(pages.total, head.length + 1);
  const room = total - head.length;
  return { ...pages, total, head, headCursor, tail: room === 0 ? [] : pages.tail.slice(-room) };
}

/** The row at a place, counted from 0; undefined while it was not read. */
export function rowAt<Row>({ total, head, tail }: Pages<Row>, index: number): Row | undefined {
  return index < head.length ? head[index] : tail[index - (total - tail.length)];
}

/** The page to read next so that the given places are filled; null when they are. */
export function pageWanted<Row>(
  pages: Pages<Row>,
  { first, last }: { readonly first: number; readonly last: number },
): PageRequest | null {
  const { total, isCapped, head, tail } = pages;
  const gapEnd = total - tail.length;
  const from = Math.max(first, head.length);
  const to = Math.min(last, gapEnd - 1);
  if (from > to) return null;
  const isNearStart = from - head.length <= gapEnd - 1 - to;
  return isCapped || isNearStart
    ? { from: 'start', after: pages.headCursor }
    : { from: 'end', before: pages.tailCursor };
}
