import type { Logger } from 'pino';
import type { Config } from './config.ts';
export async function startApi(
  _config: Config,
  _databaseUrl: string,
  _logger: Logger,
  _signalWorker: (signal: NodeJS.Signals) => boolean,
): Promise<{ stop(): Promise<void> }> {
  throw new Error('not here yet');
}
