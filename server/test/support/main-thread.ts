import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

/** How long one task of a page's main thread took by the wall, and how long the thread worked on it. */
export type Task = { readonly wallMs: number; readonly workMs: number };

const event = z.object({
  name: z.string(),
  tid: z.int(),
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z.object({ name: z.unknown() }).optional().catch(undefined),
});
const trace = z.object({ traceEvents: z.array(event) });
const categories = ['disabled-by-default-devtools.timeline', '__metadata'];

/**
 * Every task of the main threads while something goes on. On a busy machine a task lasts while another process has the core;
 * its work does not, so a long task that worked for a few milliseconds is the machine's and not ours.
 */
export async function tasksDuring<Result>(
  browser: Browser,
  page: Page,
  act: () => Promise<Result>,
): Promise<{ readonly tasks: readonly Task[]; readonly result: Result }> {
  await browser.startTracing(page, { categories });
  const result = await act();
  const { traceEvents } = trace.parse(JSON.parse((await browser.stopTracing()).toString('utf8')));
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ tid }) => tid),
  );
  const tasks = traceEvents
    .filter(({ name, tid }) => name === 'RunTask' && mains.has(tid))
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1_000, workMs: tdur / 1_000 }));
  return { tasks, result };
}
