import { z } from 'zod';
import { Refusal, type Bridge } from './bridge.ts';
import { allOf, pageOf } from './pages.ts';

const schema = z.object({
  companies: pageOf(z.object({ id: z.string(), name: z.string() })),
});

const document = `query Companies($after: String) { companies(first: 100, after: $after) {
  edges { node { id name } } pageInfo { hasNextPage endCursor } } }`;

export type NamedCompany = { readonly id: string; readonly name: string };

/** Every company the key may see, in the order of their names. */
export async function allCompanies(bridge: Bridge): Promise<readonly NamedCompany[]> {
  const read = async (after: string | null) =>
    (await bridge.ask(document, { after }, schema)).companies;
  return allOf(read);
}

/** The company of that name or id. */
export async function companyNamed(bridge: Bridge, wanted: string): Promise<NamedCompany> {
  const known = await allCompanies(bridge);
  const lower = wanted.toLowerCase();
  const exact = known.filter(({ id, name }) => id === wanted || name.toLowerCase() === lower);
  const like = known.filter(({ name }) => name.toLowerCase().startsWith(lower));
  const [one, ...others] = exact.length > 0 ? exact : like;
  const names = known.map(({ name }) => name).join(', ');
  if (one === undefined)
    throw new Refusal(`No company is called “${wanted}”. There are: ${names}.`);
  if (others.length > 0)
    throw new Refusal(`Several companies are called “${wanted}”. Give the id instead.`);
  return one;
}
