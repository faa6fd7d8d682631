import { Kind, valueFromASTUntyped } from 'graphql';
import { parseLocalDate } from '#core/time/local-date.ts';
import { builder } from './builder.ts';
import { badInput } from './errors.ts';

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const decimalForm = /^-?\d{1,18}(?:\.\d{1,9})?$/;

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw badInput(`${name} must be a string`);
}

function matching(value: unknown, name: string, form: RegExp, like: string): string {
  const given = text(value, name);
  if (form.test(given)) return given;
  throw badInput(`${name} must look like ${like}`);
}

/** What is reckoned from a moment, a day or a year either way, can still be written down. */
const years = { from: 1900, to: 2999 } as const;

function within<Value>(year: number, name: string, value: Value): Value {
  if (year >= years.from && year <= years.to) return value;
  throw badInput(`${name} must lie in the years ${years.from} to ${years.to}`);
}

function instant(value: unknown): Date {
  const date = new Date(matching(value, 'DateTime', instantForm, "'2026-11-22T09:26:01.123Z'"));
  if (Number.isNaN(date.getTime())) throw badInput('DateTime must be a moment of the calendar');
  return within(date.getUTCFullYear(), 'DateTime', date);
}

function localDate(value: unknown): string {
  const date = parseLocalDate(text(value, 'Date'));
  if (date === null) throw badInput("Date must be a day of the calendar, like '2026-11-30'");
  return within(Number(date.slice(0, 4)), 'Date', date);
}

builder.scalarType('DateTime', {
  description:
    'Instant in time, RFC 3339 with offset, always UTC on output (2026-11-22T09:26:01.123Z).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue: instant,
});

builder.scalarType('Date', {
  description:
    "Calendar date without a time zone (2026-11-30); due dates must never shift with the reader's zone.",
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: (value) => (typeof value === 'string' ? value : value.toISOString().slice(0, 10)),
  parseValue: localDate,
});

builder.scalarType('Decimal', {
  description: "Exact decimal as a string ('1234.50'); never a float, never scientific notation.",
  serialize: (value) => (typeof value === 'string' ? value : value.toFixed()),
  parseValue: (value) => matching(value, 'Decimal', decimalForm, "the string '1234.50'"),
});

builder.scalarType('CurrencyCode', {
  description: "ISO 4217 alphabetic code ('USD').",
  serialize: (value) => value,
  parseValue: (value) => matching(value, 'CurrencyCode', /^[A-Z]{3}$/, "'USD'"),
});

builder.scalarType('BigInt', {
  description: '64-bit integer as a string, for counters that outgrow Int.',
  serialize: (value) => value.toString(),
  parseValue: (value) => matching(value, 'BigInt', /^-?\d{1,19}$/, "the string '42'"),
});

builder.scalarType('StreamCursor', {
  description:
    'Opaque position in the sync event stream; compare only for equality, keep the newest one you have handled.',
  serialize: (value) => value,
  parseValue: (value) => matching(value, 'StreamCursor', /^[\w-]{1,100}$/, 'a cursor we gave'),
});

builder.scalarType('IdempotencyKey', {
  description:
    'Caller-made key, 16 to 128 visible ASCII characters, kept 30 days; a UUID is a good choice.',
  serialize: (value) => value,
  parseValue: (value) => matching(value, 'IdempotencyKey', /^[!-~]{16,128}$/, 'a UUID'),
});

builder.scalarType('JSON', {
  description:
    'Arbitrary JSON, used only for raw payloads that the typed fields already summarise; secrets are redacted.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) =>
    node.kind === Kind.VARIABLE
      ? variables?.[node.name.value]
      : valueFromASTUntyped(node, variables),
});
