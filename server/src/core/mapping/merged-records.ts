import type { InvoiceContent, Line, PartyRef } from '../invoice/invoice.ts';
import type { ToldKind } from './rematch.ts';

/** A record that an invoice named when both sides agreed, and the one it names in its place now. */
export type Exchanged = {
  readonly kind: ToldKind;
  readonly loser: PartyRef;
  readonly winner: PartyRef;
};

/** Records that an invoice names in the place of others, each once; lines are the same by their ids there. */
export function exchangedIn(agreed: InvoiceContent, now: InvoiceContent): readonly Exchanged[] {
  const customer = exchanged('CUSTOMER', agreed.customer, now.customer);
  const items = agreed.lines.flatMap((line) => {
    const same = now.lines.find(({ sideId }) => sideId !== null && sideId === line.sideId);
    return exchanged('ITEM', line.item, same?.item ?? null);
  });
  const byLoser = new Map(
    [...customer, ...items].map((one) => [`${one.kind}:${one.loser.id}`, one]),
  );
  return [...byLoser.values()];
}

function exchanged(
  kind: ToldKind,
  loser: PartyRef | null,
  winner: PartyRef | null,
): readonly Exchanged[] {
  return loser === null || winner === null || loser.id === winner.id
    ? []
    : [{ kind, loser, winner }];
}

/** The content with winners in the place of their losers. */
export function withMerged<Content extends InvoiceContent>(
  content: Content,
  merged: readonly Exchanged[],
): Content {
  const winnerOf = (kind: ToldKind, ref: PartyRef): PartyRef =>
    merged.find((one) => one.kind === kind && one.loser.id === ref.id)?.winner ?? ref;
  const lines = content.lines.map((line): Line =>
    line.item === null ? line : { ...line, item: winnerOf('ITEM', line.item) },
  );
  return { ...content, customer: winnerOf('CUSTOMER', content.customer), lines };
}
