import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/** Colours on their way from one theme or state to the next are those of neither: nothing takes its time any more. */
const atRest = `document.getElementById('at-rest') ?? document.head.append(
  Object.assign(document.createElement('style'), { id: 'at-rest', textContent: '* { transition: none !important; }' }))`;

const options = JSON.stringify({
  resultTypes: ['violations'],
  // Neither films nor frames nor locked turning are in the app: what asks for them beforehand is time alone.
  preload: false,
  iframes: false,
});

/** What axe finds wrong with a page at rest, by all its rules, one line a rule. Open the page with `bypassCSP`. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(`void (${atRest})`);
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe);
  const violations = found.parse(
    await page.evaluate(`axe.run(document, ${options}).then((result) => result.violations)`),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
