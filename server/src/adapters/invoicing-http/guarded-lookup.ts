import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { isPrivateAddress, isPrivateHost } from '#core/company/private-address.ts';

/** What a call fails with that would have gone into one's own network. */
export const privateAddressCode = 'PRIVATE_ADDRESS';

class PrivateAddressRefused extends Error {
  readonly code = privateAddressCode;
}

const refusal = (host: string): PrivateAddressRefused =>
  new PrivateAddressRefused(`${host} leads into a private network`);

/**
 * Resolves a name for the connection that is being made, so that what was checked is what is connected to: a name that
 * led outside when it was typed in and leads inside now is refused here (http.md §1).
 */
export const guardedLookup =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      if (addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(refusal(hostname), '');
      return options.all === true
        ? callback(null, addresses)
        : callback(null, ...firstOf(addresses));
    });
  };

const firstOf = ([first]: readonly LookupAddress[]): [string, number] => [
  first?.address ?? '',
  first?.family ?? 4,
];

/** What requests go through that must not reach one's own network. */
export type Guard = {
  readonly dispatcher: Dispatcher;
  /** Throws for an address that says itself where it leads; such a one is never resolved. */
  check(url: string): void;
};

/** A guard for one process; connections are kept as usual. */
export const createGuard = (resolve: typeof lookup = lookup): Guard => ({
  dispatcher: new Agent({ connect: { lookup: guardedLookup(resolve) } }),
  check: (url) => {
    const { hostname } = new URL(url);
    if (isPrivateHost(hostname)) throw refusal(hostname);
  },
});

/** Posts to an address that somebody typed in; gives the status of the answer. */
export const guardedPost =
  (guard: Guard | null) =>
  async (url: string, request: RequestInit): Promise<number> => {
    guard?.check(url);
    const dispatcher = guard === null ? {} : { dispatcher: guard.dispatcher };
    const { status } = await fetch(url, { ...request, ...dispatcher });
    return status;
  };
