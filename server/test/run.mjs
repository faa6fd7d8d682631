// Runs the whole suite and ends with one plain line taken from the runner's own report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const dir = mkdtempSync(path.join(tmpdir(), 'ledgerbridge-test-'));
const report = path.join(dir, 'report.json');

/** Static checks come first: they are quick, and a red one makes the rest moot. */
function check(name, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const passed = status === 0;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`);
  if (!passed) console.log(`${stdout ?? ''}${stderr ?? ''}`);
  return passed;
}

const checks =
  process.argv.length > 2
    ? []
    : [
        ['format', 'oxfmt', ['--check', '.']],
        ['lint', 'oxlint', []],
        ['types of the server', 'tsc', ['--noEmit', '-p', 'server']],
        ['types of the web app', 'tsc', ['--noEmit', '-p', 'web']],
        ['dead code', 'knip', []],
      ];
const results = checks.map(([name, command, args]) => check(name, command, args));

spawnSync(
  'vitest',
  [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

let counts = { numPassedTests: 0, numFailedTests: 0, success: false };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch (error) {
  console.log(`the runner left no report: ${error.message}`);
}
rmSync(dir, { recursive: true, force: true });

const passed = counts.numPassedTests + results.filter(Boolean).length;
// A file that could not even be loaded has no failed test of its own, and still is a failure.
const broken = counts.success ? 0 : Math.max(1, counts.numFailedTests);
const failed = broken + results.filter((one) => !one).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && counts.numPassedTests > 0 ? 0 : 1);
