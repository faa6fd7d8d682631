import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** Shorter statements are planned faster than they are looked up. */
const charactersMin = 400;
/** Texts that are put together at run time must not fill the server's memory with plans. */
const namesMax = 300;

const names = new Map<string, string>();

/** The name a statement's plan is kept under in each connection; null when it is planned each time. */
function nameOf(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (text.length < charactersMin || names.size >= namesMax) return null;
  const name = createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/**
 * A connection on which PostgreSQL plans each long statement once: planning the step that records a crossing takes
 * longer than carrying it out. Statements must name the columns they answer with, since a kept plan refuses a table that
 * got another one (a migration under a running process).
 */
export class PlanningOnce extends Client {
  constructor(...options: ConstructorParameters<typeof Client>) {
    super(...options);
    const plain = this.query.bind(this);
    Object.defineProperty(this, 'query', {
      value: (...asked: readonly unknown[]): unknown => Reflect.apply(plain, this, withName(asked)),
    });
  }
}

function withName([text, values, ...rest]: readonly unknown[]): readonly unknown[] {
  const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : null;
  return name === null ? [text, values, ...rest] : [{ name, text, values }, ...rest];
}
