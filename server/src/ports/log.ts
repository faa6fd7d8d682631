import type { Json } from '#core/json.ts';

/** Facts for the log, one JSON line each; secrets never go in. */
export interface Log {
  debug(fact: string, about?: { readonly [key: string]: Json }): void;
  info(fact: string, about?: { readonly [key: string]: Json }): void;
  warn(fact: string, about?: { readonly [key: string]: Json }): void;
  error(fact: string, about?: { readonly [key: string]: Json }): void;
}
