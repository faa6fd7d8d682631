import type { StateNote } from '../state-note.ts';
import type { IntentState } from './intent.ts';

const forEver = 'For ever, with the exact bytes.';

/** A paragraph for each state; docs/state-machines.md is printed from it. */
export const intentNotes = {
  PREPARED: {
    entered: 'Reserved for writes that are written down well before they are sent.',
    left: 'The send; or a successor, which treats it as sent.',
    kept: 'No write is in this state today: recording and sending follow each other without a pause, so an intent is recorded as sent.',
    shown: 'Prepared: written down, not sent yet.',
  },
  SENT: {
    entered:
      'The intent was committed, and the request leaves right after. Entered again when the same bytes are sent once more.',
    left: 'The answer. Without a clear one it becomes uncertain; when the worker dies, its successor makes it uncertain.',
    kept: 'At most the deadline of one call, 10 s. It is open: nothing else is planned for the object.',
    shown: 'Sent: no answer yet.',
  },
  UNCERTAIN: {
    entered: 'No answer, an answer of 5xx, an unreadable one, or a worker that died.',
    left: 'Evidence from its side: acknowledged when it is found done; refused when somebody else’s change overtook it; sent again when it did not arrive and no longer can.',
    kept: 'Until that side can be asked. It is open: nothing else is planned for the object.',
    shown: 'Uncertain: being settled by evidence.',
  },
  ACKNOWLEDGED: {
    entered: 'Its side answered with success, or the write was found done.',
    left: 'Nobody.',
    kept: forEver,
    shown: 'Acknowledged, with the evidence where it was found rather than answered.',
  },
  REFUSED: {
    entered: 'Its side refused it, it never left, or evidence shows that it never will happen.',
    left: 'Only the finding that it was done after all: before any create, earlier refused creates of the same invoice are looked for.',
    kept: forEver,
    shown: 'Refused, with that side’s own words.',
  },
} as const satisfies Record<IntentState, StateNote>;
