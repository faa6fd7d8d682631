import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

const ready = z.object({ port: z.int() });

/** A small program of the bench in a process of its own, as the product's processes are; it tells its port when it listens. */
export async function startPeer(
  file: string,
  argument: string,
): Promise<{
  readonly port: number;
  readonly tell: (what: object) => void;
  readonly end: () => void;
}> {
  const child = fork(file, [argument]);
  const [message] = await once(child, 'message');
  const { port } = ready.parse(message);
  return {
    port,
    tell: (what) => void child.send(what),
    end: () => void child.kill('SIGKILL'),
  };
}
