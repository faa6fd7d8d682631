import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { useGo } from '../components/app-link.tsx';
import { usePlaceGroups } from '../components/use-places.ts';
import { SearchDocument } from '../graphql/generated/graphql.ts';
import type { SearchQuery } from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import { formatDateTime } from '../format/date.ts';
import { paths } from '../paths.ts';
import { invoiceStatusLabels } from '../state-labels.ts';
import { boundKeys } from '../ui/keys.ts';
import { keyLabel, shownKeyOf } from '../ui/key-map.ts';
import type { Command } from './rank.ts';

/** The pages, each with its keys. */
export function usePlaceCommands(): readonly Command[] {
  const go = useGo();
  return usePlaceGroups()
    .flat()
    .map(({ href, label, key, isOutside }) => ({
      id: href,
      label,
      words: 'go to page',
      ...(key === undefined ? {} : { shortcut: keyLabel(shownKeyOf(`g ${key}`)) }),
      run: () => (isOutside === true ? window.location.assign(href) : go(href)),
    }));
}

/** What the keys of this page do, for whoever does not remember the key: it acts on what is selected. */
export function useActCommands(): readonly Command[] {
  // As they were when the palette opened; what lies behind it stands still.
  const [keys] = useState(boundKeys);
  return keys
    .filter(({ name }) => !name.startsWith('g '))
    .map(({ name, does, shown, act }) => ({
      id: `key ${name}`,
      label: does,
      shortcut: keyLabel(shown),
      run: act,
    }));
}

/** Long enough that a word typed at once is asked for once. */
const typingMs = 150;
const wordsMin = 2;

/** What the API finds under the words typed; `failure` when it could not be asked. */
export function useFound(typed: string) {
  const go = useGo();
  const words = useSettled(typed.trim());
  const isAsked = words.length >= wordsMin;
  const [{ data, error, fetching }] = useQuery({
    query: SearchDocument,
    variables: { words },
    pause: !isAsked,
    requestPolicy: 'network-only',
  });
  const hits = isAsked ? (data?.search ?? []) : [];
  return {
    commands: hits.map((hit) => commandOf(hit, go)),
    isAsked,
    isLooking: isAsked && (fetching || words !== typed.trim()),
    failure: isAsked && error && !fetching ? failureOf(error) : null,
  };
}

function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

type Hit = SearchQuery['search'][number];

function commandOf(hit: Hit, go: (href: string) => void): Command {
  const to = (label: string, href: string) => ({ id: hit.id, label, run: () => go(href) });
  switch (hit.__typename) {
    case 'Invoice': {
      const customer = (hit.internal ?? hit.quickbooks)?.customer.name ?? 'No customer';
      const { label } = invoiceStatusLabels[hit.status];
      return to(`${hit.number ?? 'No number'} · ${customer} · ${label}`, paths.invoice(hit.id));
    }
    case 'Conflict':
      return to(`Conflict about ${hit.invoice.number ?? 'no number'}`, paths.conflict(hit.id));
    case 'DeadLetter':
      return to(
        `Dead letter of ${hit.event.invoice?.number ?? 'no number'}`,
        paths.deadLetter(hit.id),
      );
    case 'ReconcileRun':
      return to(`Reconcile of ${formatDateTime(hit.startedAt)}`, paths.reconcileRun(hit.id));
    case 'Company':
      return to(`Company ${hit.name}`, paths.company(hit.id));
    default:
      return hit satisfies never;
  }
}
