import type { z } from 'zod';
import { pathText, type FieldError } from './problem.ts';

/** Every field a schema refused; a key it does not know is an error of its own. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not known' }))
      : [{ path: pathText(issue.path), message: messageOf(issue) }],
  );
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.message.endsWith('received undefined') ? 'is required' : issue.message;
}

/** The fields of a body that nobody may write, and those that do not exist. */
export function misplacedFields(
  body: Readonly<Record<string, unknown>>,
  writable: Readonly<Record<string, unknown>>,
  readOnly: ReadonlySet<string>,
): FieldError[] {
  return Object.keys(body).flatMap((key) => {
    if (readOnly.has(key)) return [{ path: key, message: 'is read-only' }];
    return Object.hasOwn(writable, key) ? [] : [{ path: key, message: 'is not known' }];
  });
}
