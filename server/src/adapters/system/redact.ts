const censor = '[redacted]';

/** Names whose values are secrets wherever they stand: as a property, a header or a parameter. */
const names =
  '(?:access|refresh|id|bearer)[_-]?token|token|client[_-]?secret|webhook[_-]?secret|secret|password|passwd|(?:proxy[_-]?)?authorization|(?:x[_-])?api[_-]?key';

type Rule = readonly [pattern: RegExp, replacement: string];

/**
 * Secrets by the shapes they take in the text of errors. A value ends before a quote or a backslash, so that a line of JSON stays
 * one; a name or a scheme that stays says what was there.
 */
const rules: readonly Rule[] = [
  // Ours by their prefix (http.md §1), and tokens of Intuit, which are JSON Web Tokens.
  [/\blb_[\w-]{20,}/g, censor],
  [/\bwhsec_[\w+/=-]{8,}/g, censor],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g, censor],
  // "password":"…", and the same inside a string of JSON, where each quote has backslashes before it.
  [new RegExp(`"(${names})":"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `"$1":"${censor}"`],
  [new RegExp(`(\\\\+")(${names})\\1(\\s*:\\s*)\\1[^"\\\\]*\\1`, 'gi'), `$1$2$1$3$1${censor}$1`],
  // A header as it goes over the wire, or as Node prints an object.
  [/\b((?:set-)?cookie'?\s*:\s*'?)[^'"\\]+/gi, `$1${censor}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${censor}`],
  [
    new RegExp(`\\b(${names})('?\\s*:\\s*'?)(?!\\s*(?:Bearer|Basic)? ?\\[)[^'"\\\\\\s,}]+`, 'gi'),
    `$1$2${censor}`,
  ],
  // A parameter in an address, a form or a connection string.
  [new RegExp(`\\b(${names})=(?!\\[)[^&\\s"'\\\\<>;]+`, 'gi'), `$1=${censor}`],
  [/([?&])(code|state)=[^&\s"'\\<>]+/gi, `$1$2=${censor}`],
  // A database's address is often wrong by an unescaped character of the password: all of it goes, up to the host.
  [/\b(postgres(?:ql)?:\/\/)[^\s"'\\]*@/gi, `$1${censor}@`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'\\]*@/gi, `$1${censor}@`],
];

/** A line of the log without the secrets that the text of an error may hold: tokens in addresses, headers, connection strings. */
export const withoutSecrets = (line: string): string =>
  rules.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
