import type { JsonObject } from '#core/json.ts';
import { isWithin, objectsIn, valuesOf } from './shapes.ts';
import { carriedShapes, unmappedShapes } from './unmapped-shapes.ts';

const carried: readonly string[] = carriedShapes.flatMap(({ shapes }) => shapes);

/** What is on an invoice that the bridge cannot map and must carry: bundles, reimbursed charges, projects, classes. */
export const carriedOn = (invoice: JsonObject): readonly string[] =>
  textsOf(invoice, (shape) => carried.some((named) => isWithin(shape, named)));

/** Given by QuickBooks anew as it likes: nobody put it there, so nobody misses it. */
const notKept: ReadonlySet<string> = new Set(['frame of a record', 'place of an address']);

const kept: readonly string[] = [
  'DepartmentRef',
  ...unmappedShapes.filter(({ name }) => !notKept.has(name)).flatMap(({ shapes }) => shapes),
];

/** It comes with a discount that the bridge writes. */
const written = 'ApplyTaxAfterDiscount';

const isKept = (shape: string): boolean =>
  shape !== written && kept.some((named) => isWithin(shape, named)) && !shape.endsWith('.LineNum');

/** Ids of the lines of an invoice. */
export const lineIdsOf = (invoice: JsonObject): readonly string[] =>
  objectsIn(invoice, 'Line').flatMap(({ Id }) => (typeof Id === 'string' ? [Id] : []));

/** Everything on an invoice that must survive, of the form and of each of the lines named. */
export function keptOf(invoice: JsonObject, lineIds: readonly string[]) {
  const { Line: _lines, ...form } = invoice;
  const lines = lineIds.map((id) => {
    const line = objectsIn(invoice, 'Line').filter(({ Id }) => Id === id);
    return [id, line.length === 0 ? ['gone'] : textsOf({ Line: line }, isKept)] as const;
  });
  return { form: textsOf(form, isKept), lines: Object.fromEntries(lines) };
}

const textsOf = (value: JsonObject, counts: (shape: string) => boolean): readonly string[] =>
  valuesOf(value)
    .filter(([shape]) => counts(shape))
    .map(([shape, inner]) => `${shape} = ${JSON.stringify(inner)}`);
