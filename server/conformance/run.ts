import { CheckStopped, createBench } from './bench.ts';
import { checks, type Check } from './checks.ts';
import { readContract } from './contract.ts';

/** How one promise was kept. */
export type Verdict = Pick<Check, 'call' | 'promise' | 'matters'> & {
  readonly faults: readonly string[];
};

/** Runs every check against a system, one after the other; it makes about twenty small invoices there. */
export async function checkSystem(url: string, token: string): Promise<readonly Verdict[]> {
  const contract = readContract();
  const verdicts: Verdict[] = [];
  for (const { call, promise, matters, run } of checks) {
    const faults: string[] = [];
    const bench = createBench({ url, token, contract }, (fault) => faults.push(fault));
    try {
      faults.push(...(await run(bench)));
    } catch (error) {
      if (!(error instanceof CheckStopped)) throw error;
      faults.push(error.message);
    }
    verdicts.push({ call, promise, matters, faults: [...new Set(faults)] });
  }
  return verdicts;
}

/** What no call can show; said with every report. */
const notChecked = [
  'deleted invoices: 410, listed as deleted for 90 days (only a person deletes)',
  'Idempotency-Keys remembered for 30 days',
  'webhooks (the connection check of LedgerBridge looks at them)',
];

/** The report a person reads: a line for each promise, and under a broken one what is wrong and why it matters. */
export function reportOf(url: string, verdicts: readonly Verdict[]): string {
  const broken = verdicts.filter(({ faults }) => faults.length > 0);
  const lines = verdicts.flatMap(({ call, promise, matters, faults }) => [
    `${faults.length === 0 ? 'ok    ' : 'WRONG '} ${call}: ${promise}`,
    ...faults.map((fault) => `         ${fault}`),
    ...(faults.length === 0 ? [] : [`         Why it matters: ${matters}`]),
  ]);
  const sum =
    broken.length === 0
      ? `${url} keeps all ${verdicts.length} promises.`
      : `${url} breaks ${broken.length} of ${verdicts.length} promises; docs/invoicing-contract.md describes each.`;
  return [
    ...lines,
    '',
    sum,
    'Not checked from here:',
    ...notChecked.map((text) => `  ${text}`),
    '',
  ].join('\n');
}
