import { useEffect, useRef, useState } from 'react';
import { useStream } from '../stream/stream-context.tsx';
import { lab } from './lab.ts';
import type { Mutation, ReceivedRequest } from './lab.ts';
import type { Evidence } from './proof.ts';

/** Least time between two looks at the simulators. */
const lookMs = 1_000;

type Read = { readonly evidence: Evidence | null; readonly hasFailed: boolean };

/** What both simulators hold, read anew every second while the page is watched. */
export function useEvidence(): Read {
  const [read, setRead] = useState<Read>({ evidence: null, hasFailed: false });
  const isPaused = useStream((stream) => stream.isPaused);
  const look = useRef(createLook());

  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async () => {
      try {
        const evidence = await look.current();
        if (!isOver) setRead({ evidence, hasFailed: false });
      } catch {
        // Said on the page; what was read before stays.
        if (!isOver) setRead((before) => ({ ...before, hasFailed: true }));
      }
      if (!isOver) timer = setTimeout(() => void again(), lookMs);
    };
    if (!isPaused) void again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isPaused]);

  return read;
}

/** Reads only what is new of the logs. */
function createLook(): () => Promise<Evidence> {
  let quickbooksWrites: readonly Mutation[] = [];
  let internalWrites: readonly Mutation[] = [];
  let requests: readonly ReceivedRequest[] = [];
  const after = (rows: readonly { readonly seq: number }[]) => rows.at(-1)?.seq ?? 0;
  return async () => {
    // Requests under way change once they end, so the log is read on from the first of them.
    const ended = requests.slice(0, firstOpen(requests));
    const [
      theirs,
      ours,
      received,
      internalInvoices,
      quickbooksInvoices,
      there,
      here,
      faults,
      worker,
    ] = await Promise.all([
      lab.mutations('quickbooks', after(quickbooksWrites)),
      lab.mutations('invoicing', after(internalWrites)),
      lab.requests('quickbooks', after(ended)),
      lab.invoices('invoicing'),
      lab.invoices('quickbooks'),
      lab.webhooks('quickbooks'),
      lab.webhooks('invoicing'),
      lab.faults('quickbooks'),
      lab.worker(),
    ]);
    quickbooksWrites = [...quickbooksWrites, ...theirs];
    internalWrites = [...internalWrites, ...ours];
    requests = [...ended, ...received];
    const webhooks = { quickbooks: there, invoicing: here };
    return {
      quickbooksWrites,
      internalWrites,
      requests,
      internalInvoices,
      quickbooksInvoices,
      webhooks,
      faults,
      worker,
    };
  };
}

/** A request whose reply was cut off never ends; only the newest are looked at again. */
const openMax = 60;

function firstOpen(requests: readonly ReceivedRequest[]): number {
  const from = Math.max(0, requests.length - openMax);
  const place = requests.findIndex(({ finishedAt }, at) => at >= from && finishedAt === null);
  return place === -1 ? requests.length : place;
}
