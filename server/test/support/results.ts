import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { commitHere } from './commit.ts';

/** Says what a test came to, and keeps it in the folder that `npm run prove` names. */
export async function keepResult(name: string, result: object): Promise<void> {
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
  const folder = process.env['PROOF_FOLDER'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ ...result, commit: commitHere() }));
}
