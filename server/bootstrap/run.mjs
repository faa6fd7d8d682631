// The way in on a machine that has only Node and npm: finds or brings a Node that runs TypeScript, and pnpm, installs
// from the frozen lockfile, generates, and then runs the asked command. Plain JavaScript for the oldest Node we meet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '../..',
);
const toolchain = path.join(root, '.toolchain');
const nodeWanted = '24.21.0';
const nodeOldest = [22, 18]; // type stripping without a flag
const pnpmWanted = '12.21.0';
const [command = 'start', ...rest] = process.argv.slice(2);

const say = (text) => process.stderr.write(`ledgerbridge: ${text}\n`);

function stop(text) {
  say(text);
  process.exit(1);
}

function run(file, args, env = {}) {
  const done = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (done.error) stop(`${path.basename(file)} could not be started: ${done.error.message}`);
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** npm does not pass SIGTERM on; when it is gone, so is whoever asked for the program. */
function endWithParent(end) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 500).unref();
}

/** Hands its place to a long-running program: signals go through, and so does how it ended. */
function become(file, args) {
  const child = spawn(file, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(() => child.kill('SIGTERM'));
  child.on('error', (error) =>
    stop(`${path.basename(file)} could not be started: ${error.message}`),
  );
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
}

/** Packages are put in place by npm, which every Node brings along; 60 s is npm's own limit for a silent registry. */
function bring(packages) {
  mkdirSync(toolchain, { recursive: true });
  const manifest = path.join(toolchain, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private": true}\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, [
    'install',
    '--prefix',
    toolchain,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--save-exact',
    ...packages,
  ]);
}

function versionInstalled(name) {
  const file = path.join(toolchain, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}

function ensureToolchain() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const tooOld = major < nodeOldest[0] || (major === nodeOldest[0] && minor < nodeOldest[1]);
  const missing = [];
  if (tooOld && versionInstalled('node') !== nodeWanted) missing.push(`node@${nodeWanted}`);
  if (versionInstalled('pnpm') !== pnpmWanted) missing.push(`pnpm@${pnpmWanted}`);
  if (missing.length > 0) {
    say(`bringing ${missing.join(' and ')} (once)`);
    bring(missing);
  }
  const bin = path.join(toolchain, 'node_modules', '.bin');
  const nodeBin = path.join(toolchain, 'node_modules', 'node', 'bin');
  const dirs = tooOld ? [nodeBin, bin] : [path.dirname(process.execPath), bin];
  process.env.PATH = [
    ...dirs,
    ...['.', 'server', 'web'].map((place) => path.join(root, place, 'node_modules', '.bin')),
    process.env.PATH,
  ].join(path.delimiter);
  return tooOld ? path.join(nodeBin, 'node') : process.execPath;
}

function filesBelow(place) {
  const full = path.join(root, place);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [place];
  return readdirSync(full)
    .filter((name) => name !== 'node_modules' && name !== 'generated' && name !== 'dist')
    .flatMap((name) => filesBelow(path.join(place, name)))
    .sort((left, right) => (left < right ? -1 : 1));
}

/** Runs the step only when what it reads has changed since it last went through. */
function step(name, places, results, work) {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesBelow))
    hash.update(file).update(readFileSync(path.join(root, file)));
  const digest = hash.update(process.versions.modules).digest('hex');
  const stamp = path.join(toolchain, `${name}.stamp`);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (fresh && results.every((place) => existsSync(path.join(root, place)))) return;
  say(name);
  work();
  writeFileSync(stamp, digest);
}

function prepare() {
  const node = ensureToolchain();
  const manifests = [
    'package.json',
    'server/package.json',
    'web/package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
  ];
  step(
    'installing packages',
    manifests,
    ['node_modules', 'server/node_modules', 'web/node_modules'],
    () => {
      run('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
        CI: 'true',
      });
    },
  );
  step(
    'generating the database client',
    ['prisma', 'prisma.config.ts'],
    ['server/src/generated'],
    () => generateClient(node),
  );
  step(
    'generating typed operations',
    ['codegen.ts', 'server/schema.graphql', 'web/src'],
    ['web/src/graphql/generated'],
    () => {
      run('graphql-codegen', ['--config', 'codegen.ts', '--silent']);
    },
  );
  return node;
}

/** `prisma generate` insists on an engine it does not use here; any executable satisfies it. */
function generateClient(node) {
  run('prisma', ['generate', '--no-hints'], {
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  });
}

function buildWeb() {
  step(
    'building the web app',
    ['web', 'server/schema.graphql', 'codegen.ts'],
    ['web/dist/index.html'],
    () => {
      run('vite', ['build', 'web', '--logLevel', 'warn']);
    },
  );
}

/** Commands by name; each ends the process with the status of what it ran. */
const commands = {
  start(node) {
    buildWeb();
    become(node, ['server/src/main/start.ts', ...rest]);
  },
  test(node) {
    buildWeb();
    run(node, ['server/test/run.mjs', ...rest]);
  },
  converge(node) {
    const [first, value] = rest;
    if (first === '--memory' && value !== undefined)
      return run(node, ['server/test/memory/story.ts', value]);
    if (first === '--minutes' && value !== undefined)
      return run(node, ['server/test/memory/long-run.ts', value, ...rest.slice(2)]);
    if (first === '--kills' && value !== undefined)
      return run('vitest', ['run', '--project', 'sim', 'engine/killed-workers'], {
        CONVERGE_KILLS: value,
      });
    const asked = {
      '--seed': 'CONVERGE_SEED',
      '--histories': 'CONVERGE_HISTORIES',
      '--from': 'CONVERGE_FROM',
    };
    const env = {};
    for (let place = 0; place < rest.length; place += 2) {
      const name = asked[rest[place]];
      if (name === undefined || rest[place + 1] === undefined)
        stop(
          `converge takes ${Object.keys(asked).join(', ')}, --memory, --minutes or --kills, each with a value`,
        );
      env[name] = rest[place + 1];
    }
    return run('vitest', ['run', '--project', 'sim', 'convergence/converge'], env);
  },
  prove(node) {
    run(node, ['server/test/memory/prove.ts', ...rest]);
  },
  'crash-matrix'() {
    run('vitest', ['run', '--project', 'sim', 'convergence/crash-matrix'], { CRASH_MATRIX: 'all' });
  },
  bench(node) {
    if (rest.length === 0 || rest.includes('web')) buildWeb();
    run(node, ['server/bench/main.ts', ...rest]);
  },
  check() {
    run('oxfmt', ['--check', '.']);
    run('oxlint', []);
    run('tsc', ['--noEmit', '-p', 'server']);
    run('tsc', ['--noEmit', '-p', 'web']);
    run('knip', []);
  },
  generate() {},
  build: buildWeb,
  run(node) {
    run(node, rest);
  },
};

if (!Object.hasOwn(commands, command))
  stop(`no command '${command}'; there are ${Object.keys(commands).join(', ')}`);
// Every process of ours keeps its compiled code here and starts in two thirds of the time.
process.env.NODE_COMPILE_CACHE ??= path.join(toolchain, 'compile-cache');
commands[command](prepare());
