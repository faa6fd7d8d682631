import process from 'node:process';
import { parseArgs } from 'node:util';
import { checkSystem, reportOf } from './run.ts';

/** `npm run check:invoicing -- <url> [--token <token>] [--json]`: 0 when every promise is kept, 1 when one is broken, 2 when misused. */
const usage =
  'check:invoicing <url> [--token <token>] [--json]; without --token it takes INVOICING_TOKEN. Use a test system: it makes invoices.\n';

function asked(): { url: string; token: string; json: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { token: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [url] = positionals.filter((each) => each !== '--');
    const token = values.token ?? process.env['INVOICING_TOKEN'];
    if (url === undefined || !URL.canParse(url) || token === undefined) return null;
    return { url, token, json: values.json };
  } catch {
    return null;
  }
}

const wanted = asked();
if (wanted === null) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const verdicts = await checkSystem(wanted.url, wanted.token);
  process.stdout.write(
    wanted.json ? `${JSON.stringify(verdicts, null, 2)}\n` : reportOf(wanted.url, verdicts),
  );
  process.exitCode = verdicts.every(({ faults }) => faults.length === 0) ? 0 : 1;
}
