import { DatabaseError } from 'pg';

/**
 * Classes of PostgreSQL's error codes that say nothing about the statement: lost connection, rolled back for others, out of
 * resources, stopped by an operator, trouble of the machine.
 */
const passingClasses: ReadonlySet<string> = new Set(['08', '40', '53', '57', '58']);

/** The driver names no code where it gave a connection up itself. */
const givenUp =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Whether the database was away, so that the statement tells nothing about what it was asked. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return passingClasses.has(error.code?.slice(0, 2) ?? '');
  if (!(error instanceof Error)) return false;
  return ('syscall' in error && 'code' in error) || givenUp.test(error.message);
}
