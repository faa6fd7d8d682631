import { cacheExchange } from '@urql/exchange-graphcache';
import type { Exchange } from 'urql';
import possible from './generated/possible-types.ts';
import { keepStreamEntities } from './stream-entities.ts';
import { keyless } from './value-types.ts';

/**
 * Entities once by id. It is told which types an interface or a union stands for: left to guess, it takes a dead letter
 * for a conflict as soon as both have been seen with an invoice, misses what was never asked of it, and asks for ever.
 */
export const entityCache = (): Exchange =>
  cacheExchange({
    keys: keyless,
    updates: keepStreamEntities(),
    possibleTypes: possible.possibleTypes,
  });
