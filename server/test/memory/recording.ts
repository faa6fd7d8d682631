import type { MemoryRows } from './rows.ts';

/** What the rows were asked, what they answered, and when by the world's time. */
export type AskedOfRows = {
  readonly atMs: number;
  readonly port: 'store' | 'watermarks';
  readonly method: string;
  readonly asked: readonly unknown[];
  readonly answer: unknown;
  /** Before it was asked: a person connects again without asking the rows. */
  readonly status: string;
  /** When the sides were to be polled next, before it was asked. */
  readonly pollDueAt: number;
  /** The one thing that chance decides in the rows: until when the breaker is open. */
  readonly breakerOpenUntil: number | null;
};

/** Tells of every call of a port; the port is otherwise as it was. */
export const recording =
  (rows: MemoryRows, tell: (call: AskedOfRows) => void) =>
  <Port extends object>(port: AskedOfRows['port'], real: Port): Port => {
    const copy = { ...real };
    for (const [method, act] of Object.entries(real)) {
      if (typeof act !== 'function' || method === 'isUnavailable') continue;
      const told = async (...asked: readonly unknown[]): Promise<unknown> => {
        const atMs = rows.nowMs;
        const { status } = rows.company;
        const pollDueAt = rows.watermarks.internal.dueAt;
        const answer: unknown = await Reflect.apply(act, real, asked);
        const breakerOpenUntil = rows.breaker.openUntil;
        tell({ atMs, port, method, asked, answer, status, pollDueAt, breakerOpenUntil });
        return answer;
      };
      Object.defineProperty(copy, method, { value: told, enumerable: true });
    }
    return copy;
  };
