import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { freePort } from './free-port.ts';
import { scratchDirectory } from './scratch.ts';

/** The whole product as `npm start` runs it, with a data folder and ports of its own. */
export type Product = {
  readonly url: string;
  readonly quickbooksUrl: string;
  readonly invoicingUrl: string;
  readonly webhooks: { readonly invoicing: string };
  stop(): Promise<void>;
};

const upMsMax = 60_000;
const program = path.resolve(import.meta.dirname, '../../src/main/start.ts');

/** Starts everything and resolves once it is ready; what it says on its way is shown when it does not come up. */
export async function startProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const dataDir = scratchDirectory('ledgerbridge-product-');
  const [port, quickbooksPort, invoicingPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
  ]);
  const { DATABASE_URL: _database, QUICKBOOKS_CLIENT_ID: _client, ...inherited } = process.env;
  const child = spawn(process.execPath, [program], {
    env: {
      ...inherited,
      PORT: String(port),
      SIMULATOR_QUICKBOOKS_PORT: String(quickbooksPort),
      SIMULATOR_INVOICING_PORT: String(invoicingPort),
      LEDGERBRIDGE_DATA_DIR: dataDir,
      LEDGERBRIDGE_DEMO_ACTIVITY_PER_MINUTE: '0',
      LEDGERBRIDGE_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stdout.on('data', (text: Buffer) => said.push(text.toString()));
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const invoicingUrl = `http://127.0.0.1:${invoicingPort}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await waitUntilConnected(invoicingUrl, url, () => child.exitCode !== null, said);
  } catch (error) {
    // Nobody else knows of it: left running it would slow every later test down.
    await stop();
    throw error;
  }
  return {
    url,
    quickbooksUrl: `http://127.0.0.1:${quickbooksPort}`,
    invoicingUrl,
    webhooks: { invoicing: `${url}/webhooks/invoicing` },
    stop,
  };
}

/** The demo is whole when the invoicing simulator knows where its webhooks go: that is the last thing it is told. */
async function waitUntilConnected(
  invoicingUrl: string,
  url: string,
  isOver: () => boolean,
  said: readonly string[],
): Promise<void> {
  const endsAt = performance.now() + upMsMax;
  while (performance.now() < endsAt && !isOver()) {
    if (
      (await answers(`${url}/health/ready`)) &&
      (await textOf(`${invoicingUrl}/_control/webhooks`)).includes('/webhooks/invoicing/')
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the product did not come up:\n${said.join('')}`);
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => null))?.ok === true;
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url).catch(() => null);
  return answer === null ? '' : answer.text();
}
