import type { ChangeSet } from './change-set.ts';
import { bookCloseDate } from './company-settings.ts';
import { refuse } from './fault-bodies.ts';

/**
 * Refuses to touch a form dated within closed books (6200, with a password 6210): the API cannot, only a person on
 * the website can (quickbooks.md §4.2).
 */
export function requireOpenBooks(
  change: ChangeSet,
  ...dates: readonly (string | undefined)[]
): void {
  const closed = bookCloseDate(change);
  if (closed === undefined || change.actor === 'human') return;
  if (!dates.some((date) => date !== undefined && date <= closed)) return;

  const withPassword = change.setting('booksPassword') === 'yes';
  refuse(
    withPassword ? '6210' : '6200',
    withPassword
      ? 'The account period has closed and the account books cannot be updated through the QBO Services API. Please use the QBO website to make these changes.'
      : 'Account Period Closed, Cannot Update Through Services Error : The account period has closed and the account books cannot be updated through through the QBO Services API. Please use the QBO website to make these changes.',
    '',
  );
}
