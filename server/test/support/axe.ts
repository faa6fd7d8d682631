import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/** Colours on their way from one theme or state to the next are those of neither: nothing takes its time any more. */
const atRest = `document.getElementById('at-rest') ?? document.head.append(
  Object.assign(document.createElement('style'), { id: 'at-rest', textContent: '* { transition: none !important; }' }))`;

/** What axe finds wrong with a page at rest, one line a rule; all rules, or those named. Open the page with `bypassCSP`. */
export async function axeFindings(
  page: Page,
  rules: readonly string[] | null = null,
): Promise<readonly string[]> {
  await page.evaluate(`void (${atRest})`);
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe);
  const options = JSON.stringify({
    resultTypes: ['violations'],
    ...(rules === null ? {} : { runOnly: { type: 'rule', values: rules } }),
  });
  const violations = found.parse(
    await page.evaluate(`axe.run(document, ${options}).then((result) => result.violations)`),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
