// One worker process of several on one database: works for the time it is told and answers what it settled a second.
import process from 'node:process';
import { z } from 'zod';
import { openBridge } from '../harness/bridge.ts';
import { templateShape } from '../harness/template.ts';

const asked = z.object({ template: templateShape, companies: z.int() });
const turn = z.object({ forMs: z.number() });

const { template, companies } = asked.parse(JSON.parse(process.argv[2] ?? ''));
const bridge = await openBridge(template, companies);
process.on('message', (message) => {
  const { forMs } = turn.parse(message);
  void bridge.writesWithin(forMs).then((writes) => process.send?.({ writes }));
});
process.send?.({ port: 0 });
