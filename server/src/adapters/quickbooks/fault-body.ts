import { z } from 'zod';
import type { Fault } from '#core/attempt/failure.ts';

/** A fault as QuickBooks words it, whatever envelope it came in; the first error speaks for all. */
export type WireFault = { readonly type: string; readonly fault: Fault };

const code = z.union([z.string(), z.number()]).transform(String);
const words = z.string().nullish();

/** Ordinary faults (quickbooks.md §4.2): strings all over, half of them optional. */
const ordinary = z.looseObject({
  Fault: z.looseObject({
    type: words,
    Error: z
      .array(z.looseObject({ code: code.nullish(), Message: words, Detail: words, element: words }))
      .min(1),
  }),
});

/** The gateway's own envelope in lower case (quickbooks.md §1.3). */
const gateway = z.looseObject({
  fault: z.looseObject({
    type: words,
    error: z
      .array(z.looseObject({ code: code.nullish(), message: words, detail: words, element: words }))
      .min(1),
  }),
});

/** Reads a fault out of any body; null when it holds none. */
export function readFault(body: unknown): WireFault | null {
  if (typeof body === 'string') return readXml(body);
  const upper = ordinary.safeParse(body);
  if (upper.success) {
    const { type, Error } = upper.data.Fault;
    const [error] = Error;
    return wireFault(type, error?.code, error?.Message, error?.Detail, error?.element);
  }
  const lower = gateway.safeParse(body);
  if (!lower.success) return null;
  const { type, error } = lower.data.fault;
  const [first] = error;
  return wireFault(type, first?.code, first?.message, first?.detail, first?.element);
}

type Words = string | null | undefined;

function wireFault(type: Words, code: Words, message: Words, detail: Words, element: Words) {
  return {
    type: type ?? '',
    fault: {
      code: (code ?? '').replace(/^0+(?=\d)/, ''),
      message: message ?? '',
      detail: detail ?? null,
      element: element === '' || element === undefined ? null : element,
    },
  };
}

/** Gateways answer in XML whatever was asked for (quickbooks.md §2.3, §5). Four fields do not need a parser. */
function readXml(text: string): WireFault | null {
  const fault = /<Fault\b([^>]*)>([\s\S]*?)<\/Fault>/.exec(text);
  const error = /<Error\b([^>]*)>([\s\S]*?)<\/Error>/.exec(fault?.[2] ?? '');
  if (fault === null || error === null) return null;
  const inside = (name: string): string | undefined =>
    plain(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(error[2] ?? '')?.[1]);
  return wireFault(
    attribute(fault[1], 'type'),
    attribute(error[1], 'code'),
    inside('Message'),
    inside('Detail'),
    attribute(error[1], 'element'),
  );
}

const attribute = (attributes: string | undefined, name: string): string | undefined =>
  plain(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes ?? '')?.[1]);

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const plain = (text: string | undefined): string | undefined =>
  text?.replace(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => entities[name] ?? all).trim();
