import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A job done with the API: a document with the operations it takes, in order, and their variables. */
export type Recipe = {
  readonly name: string;
  readonly query: string;
  /** JSON; a text like '{CompanyToPause.companies.nodes.0.id}' stands for what that operation answered. */
  readonly variables: string;
};

const folder = path.join(import.meta.dirname, 'recipes');

/** The recipes that the playground opens as tabs, in their order. */
export const readRecipes = (): readonly Recipe[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({
      name: path.basename(file, '.graphql'),
      query: readFileSync(path.join(folder, file), 'utf8'),
      variables: readFileSync(path.join(folder, file.replace(/graphql$/, 'json')), 'utf8'),
    }));
