import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StateChange, StateFile } from '../control/state-file.ts';
import type { Happening } from './change-set.ts';
import { entities, type EntityName } from './entities.ts';

/** One change others are told about. */
export type CompanyEvent = {
  /** Of the event, the same at every attempt to deliver it. */
  readonly id: string;
  /** Of the mutation it comes from, or follows. */
  readonly mutationSeq: number;
  readonly realm: string;
  readonly atMs: number;
  readonly happening: Happening;
};

/** The events of one piece of work, which go out together. */
export type Notice = { readonly key: string; readonly events: readonly CompanyEvent[] };

const eventRecord = z.object({
  id: z.string(),
  mutationSeq: z.int(),
  realm: z.string(),
  atMs: z.number(),
  happening: z.object({
    entity: z.custom<EntityName>((name) => typeof name === 'string' && name in entities),
    id: z.string(),
    operation: z.enum(['create', 'update', 'delete', 'void', 'merge', 'send']),
    derived: z.boolean(),
    deletedId: z.string().exactOptional(),
  }),
});
const noticeRecord = z.array(eventRecord);

const collection = 'webhooks/pending';

/** A notice of what happened, with event ids of its own. */
export function toNotice(
  happenings: readonly Happening[],
  origin: Pick<CompanyEvent, 'realm' | 'atMs' | 'mutationSeq'>,
): Notice {
  const events = happenings.map((happening) => ({ id: randomUUID(), ...origin, happening }));
  return { key: randomUUID(), events };
}

/** Notices that nobody has acknowledged yet: written with the change they tell of, so that a restart goes on telling. */
export class PendingNotices {
  readonly #file: StateFile;

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** In the order in which things happened. */
  all(): readonly Notice[] {
    return [...this.#file.records(collection)].map(([key, record]) => ({
      key,
      events: noticeRecord.parse(record),
    }));
  }

  /** What has to be written together with the change. */
  keeping({ key, events }: Notice): StateChange {
    return { collection, id: key, value: events };
  }

  /** They were acknowledged, or nobody listens any more. */
  settle(notices: readonly Notice[]): void {
    const kept = this.#file.records(collection);
    const known = notices.filter(({ key }) => kept.has(key));
    this.#file.commit(known.map(({ key }) => ({ collection, id: key, value: null })));
  }
}
