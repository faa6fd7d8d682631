import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { PartyRef as CoreParty } from '#core/invoice/invoice.ts';
import type { ReferenceKind } from '#core/mapping/reference.ts';
import type { Side } from '#core/side.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';

/** A referenced record of one side; its counterpart is looked up only when asked for. */
export type PartyShape = {
  readonly companyId: string;
  readonly kind: ReferenceKind;
  readonly side: Side;
  readonly id: string;
  readonly name: string;
};

/** The party of an invoice as the contract shows it; null stays null. */
export const partyOf = (
  party: CoreParty,
  kind: ReferenceKind,
  side: Side,
  companyId: string,
): PartyShape => ({ companyId, kind, side, id: party.id, name: party.name });

type Counterparts = DataLoader<PartyShape, string | null, string>;

const counterparts = createContextCache(
  (context: GraphqlContext): Counterparts =>
    new DataLoader((parties) => loadCounterparts(context, parties), { cacheKeyFn: keyOf }),
);

const keyOf = ({ companyId, kind, side, id }: PartyShape): string =>
  JSON.stringify([companyId, kind, side, id]);

/** One statement for all parties of a request; `reference` is unique by side, kind and id. */
async function loadCounterparts(
  context: GraphqlContext,
  parties: readonly PartyShape[],
): Promise<(string | null)[]> {
  const idsOf = (side: Side) => parties.filter((party) => party.side === side).map((it) => it.id);
  const rows = await context.prisma.reference.findMany({
    where: {
      companyId: { in: [...new Set(parties.map((party) => party.companyId))] },
      kind: { in: [...new Set(parties.map((party) => party.kind))] },
      OR: [
        { internalId: { in: idsOf('internal') } },
        { quickbooksId: { in: idsOf('quickbooks') } },
      ],
    },
    select: { companyId: true, kind: true, internalId: true, quickbooksId: true },
  });
  const found = new Map<string, string | null>();
  for (const { companyId, kind, internalId, quickbooksId } of rows) {
    found.set(JSON.stringify([companyId, kind, 'internal', internalId]), quickbooksId);
    found.set(JSON.stringify([companyId, kind, 'quickbooks', quickbooksId]), internalId);
  }
  return parties.map((party) => found.get(keyOf(party)) ?? null);
}

const idOn = (side: Side, party: PartyShape, context: GraphqlContext) =>
  party.side === side ? party.id : counterparts(context).load(party);

export const PartyRefRef = builder.objectRef<PartyShape>('PartyRef').implement({
  description: 'Customer, item or other referenced record, with its ids on both sides.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name to show.' }),
    internalId: t.string({
      nullable: true,
      description: 'Id in the internal system.',
      resolve: (party, _args, context) => idOn('internal', party, context),
    }),
    quickbooksId: t.string({
      nullable: true,
      description: 'Id in QuickBooks.',
      resolve: (party, _args, context) => idOn('quickbooks', party, context),
    }),
  }),
});
