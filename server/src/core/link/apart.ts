import { sideNamesFirst, type Side } from '../side.ts';
import type { DeadLetter } from '../attempt/dead-letter.ts';

/** Why nothing is done for an invoice that a person unlinked. */
export const keptApart = (quickbooksId: string): string =>
  `A person unlinked it from ${quickbooksId} of QuickBooks, so it is neither compared nor created there. Link it to go on.`;

/** Two ids were linked by hand and one of them names nothing: creating what is missing would make a second document. */
export const neverSeen = (side: Side, name: string): DeadLetter => ({
  reason: 'VALIDATION',
  explanation: `${sideNamesFirst[side]} has no such invoice as ${name} is linked to. Nothing was written.`,
  suggestedFix: ['Unlink the invoice.', 'Then link it to the right document.'],
  cause: `VALIDATION:no such invoice in ${side}`,
});
