import type { StateNote } from '../state-note.ts';
import type { LinkStatus } from './status.ts';

/** A paragraph for each status; docs/state-machines.md is printed from it. */
export const statusNotes = {
  UNLINKED: {
    entered:
      'A crossing ended without a counterpart: cancelled before it crossed, dated before go-live, or planned in shadow mode.',
    left: 'A newer event.',
    kept: 'As long as nothing changes.',
    shown: 'Unlinked, with the reason.',
  },
  PENDING: {
    entered:
      'A change is known and the link is due now or at a stated moment. Every link begins here.',
    left: 'The holder of the company’s lease, which claims due links oldest first.',
    kept: 'Until its moment has come and a place is free.',
    shown: 'Pending, with what it waits for.',
  },
  IN_FLIGHT: {
    entered: 'A worker claimed the link under its lease.',
    left: 'The same worker when the attempt ends; its successor when the lease runs out, with a crash mark. After three marks, twelve while a write has no answer, the link stops as a dead letter.',
    kept: 'One attempt: each call has 10 s. After a crash, the rest of the lease, at most 15 s.',
    shown: 'In flight, stage by stage.',
  },
  UNCERTAIN: {
    entered:
      'A write left and got no clear answer, or a worker died with one under way. It comes before every other status.',
    left: 'Evidence: the write is found done and adopted, or found not done and sent again with the same bytes under the same request id, or overtaken and planned anew. Two candidates stop it as a dead letter.',
    kept: 'Until the side written to can be asked. A create that is not found is looked for until 130 s after it was last sent (`QUICKBOOKS_COMMIT_WAIT_SECONDS`) before it is sent again.',
    shown: 'Uncertain: the bridge is checking whether the write arrived.',
  },
  PAUSED: {
    entered: 'A person paused the invoice.',
    left: 'A person. It then stands where its other facts put it.',
    kept: 'Until then; what arrives meanwhile waits.',
    shown: 'Paused.',
  },
  DEAD_LETTERED: {
    entered: 'An attempt ended in a dead letter, or the discard of one was taken back in time.',
    left: 'A newer event, which claims the link again; a replay, which makes it wait for its turn; a discard, after which it stands where its other facts put it.',
    kept: 'Until then. The dead letter itself is kept for ever.',
    shown: 'Dead letter: why, the fix, and whether a replay could do harm.',
  },
  CONFLICT: {
    entered: 'A crossing ended with a field that both sides changed to different values.',
    left: 'A newer event claims the link again; the conflict ends when the sides agree or a person chooses.',
    kept: 'Until then. Undisputed fields go on crossing meanwhile.',
    shown: 'Conflict, with the three values.',
  },
  IN_SYNC: {
    entered: 'A crossing ended, the invoice is on both sides and nothing waits.',
    left: 'A newer event.',
    kept: 'As long as nothing changes.',
    shown: 'In sync.',
  },
} as const satisfies Record<LinkStatus, StateNote>;
