import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A number read when somebody asks for the metrics. */
export type GaugeReading = {
  readonly name: string;
  readonly help: string;
  readonly read: () => Promise<number>;
};

export type Metrics = {
  readonly contentType: string;
  readonly text: () => Promise<string>;
  /** Starts the clock of a delivery; call the answer with how it ended. */
  readonly deliveryStarted: (sender: string) => (outcome: string) => void;
  readonly eventsDropped: (sender: string, count: number) => void;
};

/** Acknowledging a delivery takes milliseconds (http.md §2: p99 under 50 ms). */
const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** Metrics of this process and the readings it is given; a registry of its own, so that two servers can live in one process. */
export function createMetrics(readings: readonly GaugeReading[] = []): Metrics {
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
  for (const { name, help, read } of readings) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: async () => {
        gauge.set(await read());
      },
    });
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
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
