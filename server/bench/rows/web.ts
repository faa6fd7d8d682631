import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { certain } from '../harness/rounds.ts';
import { atMost, shown, type Figure, type Row } from '../harness/row.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** A line of the budgets' own table: what, found, budget. */
const told = /^(?:within|OVER) +(.+?) +([\d.]+) of ([\d.]+)/gm;

/** The browser's test file measures; run for the bench it also tells what does not hold for every machine. */
async function budgetsTold(): Promise<string> {
  const child = spawn('vitest', ['run', '--project', 'e2e', 'e2e/budgets'], {
    cwd: root,
    env: { ...process.env, BENCH: 'web' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  child.stdout.on('data', (text: Buffer) => said.push(text.toString()));
  await once(child, 'close');
  return said.join('');
}

export const web: Row = {
  number: '17',
  name: 'web',
  title: 'The web app: script of the first view, a grid of 10,000 rows, 200 events a second',
  method:
    'test/e2e/budgets.e2e.test.ts in a real Chromium against the built app: bytes are of the files gzipped at level 9, frames are counted while the grid scrolls, events are committed at 200 a second and followed to the pixel. Of the routes only the largest is shown.',
  measure: async () => {
    const text = await budgetsTold();
    const found = [...text.matchAll(told)].map(([, what = '', value, budget]) => ({
      what,
      value: Number(value),
      budget: Number(budget),
    }));
    if (found.length === 0) throw new Error(`the browser told nothing: ${text.slice(-500)}`);
    const routes = found.filter(({ what }) => what.startsWith('routeBytes'));
    const [largest] = routes.toSorted((one, other) => other.value - one.value);
    const rest = found.filter((one) => !routes.includes(one));
    return [...rest, ...(largest === undefined ? [] : [largest])].map(
      ({ what, value, budget }): Figure => ({
        what,
        goal: atMost(budget),
        value: certain(value),
        unit: '',
        detail: `${shown(value)} of ${shown(budget)}`,
      }),
    );
  },
};
