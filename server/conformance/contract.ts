import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';

/** The contract as a machine reads it; the checks ask nothing of an answer's shape that this file does not say. */
export const contractFile = path.resolve(
  import.meta.dirname,
  '../../docs/invoicing-contract.openapi.yaml',
);

const responses = z.record(z.string(), z.looseObject({}));
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const operation = z.looseObject({ operationId: z.string(), responses });

export type Contract = {
  /** What is wrong with an answer to `GET /invoices/{id}` or another call: JSON path and what is wanted there. */
  readonly shapeFaults: (call: string, status: number, body: unknown) => readonly string[];
  /** Every call, as `GET /invoices/{id}`. */
  readonly calls: readonly string[];
};

/** Reads the contract and makes ready what judges an answer by it. */
export function readContract(): Contract {
  const read = document.parse(parse(readFileSync(contractFile, 'utf8')));
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addSchema(read, 'contract');
  const calls = Object.entries(read.paths).flatMap(([url, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${url}`),
  );
  return {
    calls,
    shapeFaults: (call, status, body) => {
      const place = placeOf(read.paths, call, status);
      const validate = place === null ? undefined : ajv.getSchema(`contract#/${place}`);
      if (validate === undefined) return [`${call} has no answer ${status} in the contract`];
      if (validate(body)) return [];
      return (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath || 'the body'} ${message ?? 'is wrong'}`,
      );
    },
  };
}

const escaped = (text: string): string =>
  encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Where the schema of an answer stands in the document; a success the call does not have has none. */
function placeOf(
  paths: z.infer<typeof document>['paths'],
  call: string,
  status: number,
): string | null {
  const [method = '', url = ''] = call.split(' ');
  const found = operation.safeParse(paths[url]?.[method.toLowerCase()]);
  if (!found.success) return null;
  if (status >= 400)
    return `components/responses/Problem/content/${escaped('application/problem+json')}/schema`;
  const answer = found.data.responses[String(status)];
  if (answer === undefined) return null;
  const named = answer['$ref'];
  const at =
    typeof named === 'string'
      ? named.replace('#/', '')
      : `paths/${escaped(url)}/${method.toLowerCase()}/responses/${status}`;
  return `${at}/content/${escaped('application/json')}/schema`;
}
