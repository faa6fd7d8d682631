import { pino, type DestinationStream, type Logger } from 'pino';
import type { Log } from '#ports/log.ts';
import { withoutSecrets } from './redact.ts';

/** Names whose values never reach the log, however deep they lie. */
const secretPaths = [
  'token',
  'secret',
  'authorization',
  'password',
  'refreshToken',
  'accessToken',
  'apiKey',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** One JSON line per fact on stdout. */
export function createLogger(
  level: string,
  process: string,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { process },
    redact: { paths: secretPaths, censor: '[redacted]' },
    // Every line passes here last, whoever wrote it and whatever an error of a library holds.
    hooks: { streamWrite: withoutSecrets },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** The log as the engine speaks to it. */
export const createLog = (logger: Logger): Log => ({
  debug: (fact, about = {}) => logger.debug(about, fact),
  info: (fact, about = {}) => logger.info(about, fact),
  warn: (fact, about = {}) => logger.warn(about, fact),
  error: (fact, about = {}) => logger.error(about, fact),
});
