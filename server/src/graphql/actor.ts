import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { SideEnum } from './enums/crossing.ts';
import { isUuid } from './page-window.ts';
import { sideName } from './words.ts';

/** Who did something, as rows keep it (core/event/event.ts). */
const storedActor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('system'), name: z.string(), policy: z.string().optional() }),
  z.object({ kind: z.literal('side'), side: z.enum(['internal', 'quickbooks']), name: z.string() }),
  z.object({ kind: z.literal('client'), id: z.string(), name: z.string() }),
]);

type SystemActor = {
  readonly type: 'SystemActor';
  readonly displayName: string;
  /** Own id of the rule that made it act. */
  readonly policyId: string | null;
};
type SideActor = {
  readonly type: 'SideActor';
  readonly displayName: string;
  readonly side: 'INTERNAL' | 'QUICKBOOKS';
};
/** An API client's row has no `type`: it is the ordinary one. */
export type ActorShape = {
  readonly displayName: string;
  readonly type?: 'SystemActor' | 'SideActor';
};

/** Whoever did something. */
export const ActorRef = builder.interfaceRef<ActorShape>('Actor').implement({
  description: 'Whoever did something.',
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'Name to show.' }),
  }),
  resolveType: (actor) => actor.type ?? 'ApiClient',
});

export const SystemActorRef = builder.objectRef<SystemActor>('SystemActor').implement({
  description: 'The bridge itself, acting by rule.',
  interfaces: [ActorRef],
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description: "Component name, for example 'reconciler'.",
    }),
  }),
});

builder.objectRef<SideActor>('SideActor').implement({
  description: 'Somebody who edited in one of the two systems, as far as that system tells.',
  interfaces: [ActorRef],
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description: "Name that side gives, or 'QuickBooks user'.",
    }),
    side: t.expose('side', { type: SideEnum, description: 'Side they worked in.' }),
  }),
});

const clients = createContextCache(
  (context: GraphqlContext) =>
    new DataLoader(async (ids: readonly string[]) => {
      const rows = await context.prisma.apiClient.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
);

/** The bridge's own component as an actor; also stands for the demo caller, who has no key. */
export const systemActor = (displayName: string, policyId: string | null = null): SystemActor => ({
  type: 'SystemActor',
  displayName,
  policyId,
});

const sideActor = (displayName: string, side: SideActor['side']): SideActor => ({
  type: 'SideActor',
  displayName,
  side,
});

/** The actor a row names; a client whose key is unknown here is shown by the name the row kept. */
export async function actorOf(stored: unknown, context: GraphqlContext): Promise<ActorShape> {
  const actor = storedActor.parse(stored);
  if (actor.kind === 'system') return systemActor(actor.name, actor.policy ?? null);
  if (actor.kind === 'side') {
    return sideActor(actor.name, sideName[actor.side]);
  }
  const client = await clientOf(actor.id, context);
  return client ?? systemActor(actor.name);
}

/** The API client with that id, as an actor; null when there is none. */
export async function clientOf(id: string, context: GraphqlContext): Promise<ActorShape | null> {
  return isUuid(id) ? clients(context).load(id) : null;
}
