import type { InvoicingSpelling, InvoicingSystem } from '#ports/invoicing-system.ts';

/** What can happen to the next call. */
export type Mishap = 'lost' | 'error' | 'throttled' | 'unavailable' | 'refused access';

/** What can happen to the next write. */
export type WriteMishap =
  | 'lost on its way'
  | 'lost on the way back'
  | 'an error after it was done'
  | 'unavailable'
  | 'throttled'
  | 'refused access';

/** One internal invoicing system to hold to its contract, with the means to act as a person in it. */
export type InvoicingWorld = {
  readonly system: InvoicingSystem;
  readonly spelling: InvoicingSpelling;
  /** A person makes an invoice of two lines under this number and reference; answers its id. */
  readonly create: (number: string, externalRef: string | null) => Promise<string>;
  readonly edit: (id: string, set: object) => Promise<void>;
  readonly pay: (id: string, amount: string) => Promise<void>;
  readonly void: (id: string) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** What happens to the next read, once. */
  readonly mishap: (kind: Mishap) => Promise<void>;
  /** What happens to the next change, or to the next object made, once. */
  readonly writeMishap: (kind: WriteMishap, operation?: 'update' | 'create') => Promise<void>;
  readonly close: () => Promise<void>;
};
