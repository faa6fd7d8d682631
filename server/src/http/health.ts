import type { FastifyInstance } from 'fastify';

/** Looks at one part; answers what is wrong with it in one sentence, null when nothing is. */
export type HealthCheck = () => Promise<string | null>;

/** Parts by name: database, queue, lease, migrations. */
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

type Finding = { readonly ok: boolean; readonly detail: string | null };

async function look(check: HealthCheck): Promise<Finding> {
  try {
    const detail = await check();
    return { ok: detail === null, detail };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'failed' };
  }
}

/** Live: this process answers. Ready: everything it needs does too; 503 says to send callers elsewhere. */
export function healthRoutes(
  app: FastifyInstance,
  checks: HealthChecks,
  isLeaving: () => boolean,
): void {
  app.get('/health/live', (_request, reply) => reply.send({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const findings = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await look(check)] as const),
    );
    const ready = !isLeaving() && findings.every(([, finding]) => finding.ok);
    const status = isLeaving() ? 'stopping' : ready ? 'ready' : 'not ready';
    return reply.code(ready ? 200 : 503).send({ status, checks: Object.fromEntries(findings) });
  });
}
