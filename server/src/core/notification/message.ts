import type { Instant } from '../brand.ts';
import { unreachable } from '../unreachable.ts';
import type { NotificationKind } from './notifications.ts';

/** Something that waits for a person and that nobody was told about yet. */
export type Notice = {
  readonly kind: NotificationKind;
  /** Own id of the conflict, the dead letter, the drift or the company. */
  readonly subjectId: string;
  /** Name of the invoice; null where it is about the company. */
  readonly invoice: string | null;
  readonly customer: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  /** What happened and what to do, as the bridge says it everywhere. */
  readonly sentence: string;
  readonly since: Instant;
};

/** A message to the people of one company. */
export type Message = {
  readonly subject: string;
  readonly text: string;
  readonly items: readonly MessageItem[];
  /** How many more wait than are told one by one. */
  readonly more: number;
};

export type MessageItem = Notice & { readonly url: string };

/** Longest list in one message; the pages show the rest. */
export const noticesMax = 20;

/** Where the app shows what a notice is about. */
export type NoticeAddress = (notice: Notice) => string;

/** One message about all that is new; `total` counts what is told one by one and what is not. */
export function composeMessage(
  company: string,
  notices: readonly Notice[],
  total: number,
  address: NoticeAddress,
): Message {
  const items = notices.slice(0, noticesMax).map((notice) => ({ ...notice, url: address(notice) }));
  const more = total - items.length;
  const subject = `${company}: ${total === 1 && items[0] !== undefined ? headline(items[0]) : `${total} things wait for you`}`;
  const text = [
    ...items.map(paragraph),
    ...(more > 0 ? [`And ${more} more.`] : []),
    'Nothing is lost meanwhile: what waits is kept, and all else goes on crossing.',
  ].join('\n\n');
  return { subject, text, items, more };
}

const headline = ({ kind, invoice }: Notice): string => {
  const name = invoice ?? 'an invoice';
  switch (kind) {
    case 'CONFLICT':
      return `both sides changed ${name}`;
    case 'DEAD_LETTER':
      return `${name} cannot cross by itself`;
    case 'DRIFT':
      return `the books differ over ${name}`;
    case 'ACCESS':
      return 'the connection to QuickBooks needs you';
    default:
      return unreachable(kind);
  }
};

function paragraph(item: MessageItem): string {
  const money =
    item.amount === null || item.currency === null ? null : `${item.amount} ${item.currency}`;
  const about = [item.invoice, item.customer, money].filter((part) => part !== null).join(', ');
  return `${about === '' ? '' : `${about}: `}${item.sentence}\n${item.url}`;
}
