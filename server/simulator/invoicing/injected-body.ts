import type { Problem } from './problem.ts';

/** What something in front of the system answers when it fails: not every error is the system's own JSON. Null for JSON. */
export function injectedBody(
  form: 'json' | 'xml' | 'html',
  { status, title }: Problem,
): { readonly contentType: string; readonly text: string } | null {
  switch (form) {
    case 'json':
      return null;
    case 'xml':
      return {
        contentType: 'application/xml',
        text: `<?xml version="1.0"?><error><status>${status}</status><title>${title}</title></error>`,
      };
    case 'html':
      return {
        contentType: 'text/html',
        text: `<html><head><title>${status}</title></head><body><h1>${status} ${title}</h1></body></html>`,
      };
    default:
      return form satisfies never;
  }
}
