import process from 'node:process';

/** What a process of the product needs of ours, and nothing else: where programs are, and where compiled code is kept. */
export function childEnvironment(): { PATH: string; NODE_COMPILE_CACHE?: string } {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? { PATH } : { PATH, NODE_COMPILE_CACHE };
}
