import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import process from 'node:process';

const gibibyte = 2 ** 30;

/** What the figures were taken on. */
export function machine(): readonly string[] {
  const [cpu] = cpus();
  const memory = `${(totalmem() / gibibyte).toFixed(1)} GiB`;
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} of memory, ${kernel()}`,
    `Node ${process.version}`,
    `load of the last minute when it began ${(loadavg()[0] ?? 0).toFixed(2)}`,
  ];
}

function kernel(): string {
  try {
    return `Linux ${readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()}`;
  } catch {
    return process.platform;
  }
}
