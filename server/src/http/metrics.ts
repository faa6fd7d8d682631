import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { figureMeanings, type Figures, type ReadFigures } from '#ports/figures.ts';

export type Metrics = {
  readonly contentType: string;
  readonly text: () => Promise<string>;
  /** Starts the clock of a delivery; call the answer with how it ended. */
  readonly deliveryStarted: (sender: string) => (outcome: string) => void;
  readonly eventsDropped: (sender: string, count: number) => void;
};

/** Acknowledging a delivery takes milliseconds (http.md §2: p99 under 50 ms). */
const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** Metrics of this process and, where it is given them, the figures of all; a registry of its own, so that two servers can live in one process. */
export function createMetrics(read: ReadFigures | null = null): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'ledgerbridge_' });
  const registers = [registry];
  const deliveries = new Histogram({
    name: 'ledgerbridge_webhook_delivery_seconds',
    help: 'Time from a delivery to its answer, by sender and outcome.',
    labelNames: ['sender', 'outcome'],
    buckets: secondsBuckets,
    registers,
  });
  const dropped = new Counter({
    name: 'ledgerbridge_webhook_events_dropped_total',
    help: 'Events of companies that are not connected: acknowledged and not stored.',
    labelNames: ['sender'],
    registers,
  });
  const refresh = read === null ? async (): Promise<void> => {} : figureGauges(read, registry);
  return {
    contentType: registry.contentType,
    text: async () => {
      await refresh();
      return registry.metrics();
    },
    deliveryStarted: (sender) => {
      const stop = deliveries.startTimer({ sender });
      return (outcome) => {
        stop({ outcome });
      };
    },
    eventsDropped: (sender, count) => {
      dropped.inc({ sender }, count);
    },
  };
}

/** Figures that cannot be read are left out, never shown as zero; `ledgerbridge_figures_read` says so. */
function figureGauges(read: ReadFigures, registry: Registry): () => Promise<void> {
  const registers = [registry];
  const isRead = new Gauge({
    name: 'ledgerbridge_figures_read',
    help: '1 when the figures came from the database just now, 0 when it did not answer.',
    registers,
  });
  const gauges = new Map(
    Object.entries(figureMeanings).map(([name, help]) => [
      name,
      new Gauge({ name: `ledgerbridge_${name}`, help, labelNames: [], registers: [] }),
    ]),
  );
  const show = (figures: Figures | null): void => {
    isRead.set(figures === null ? 0 : 1);
    const values = new Map<string, number | null>(Object.entries(figures ?? {}));
    for (const [name, gauge] of gauges) {
      const value = values.get(name) ?? null;
      registry.removeSingleMetric(`ledgerbridge_${name}`);
      if (value === null) continue;
      gauge.set(value);
      registry.registerMetric(gauge);
    }
  };
  return async () => {
    show(await read().catch(() => null));
  };
}
