import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { isObject, type JsonObject } from '../../../simulator/quickbooks/json.ts';

type Received = {
  readonly body: string;
  readonly signature: string | undefined;
  readonly events: readonly JsonObject[];
};

/** The endpoint of an app that hears of changes; it answers what `status` says. */
export class WebhookEndpoint {
  readonly received: Received[] = [];
  status: () => number = () => 200;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const signature = request.headers['intuit-signature'];
        const parsed: unknown = JSON.parse(body);
        const events = Array.isArray(parsed) ? parsed.filter(isObject) : [];
        this.received.push({
          body,
          signature: typeof signature === 'string' ? signature : undefined,
          events,
        });
        response.statusCode = this.status();
        response.end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(this.#server.address());
    return `http://127.0.0.1:${port}/webhooks`;
  }

  get events(): readonly JsonObject[] {
    return this.received.flatMap(({ events }) => events);
  }

  get types(): readonly unknown[] {
    return this.events.map((event) => event['type']);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
