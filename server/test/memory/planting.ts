import { registerHooks } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

/** Loaded before anything else (`node --import`): plants the bug that `MUTANT` names into the files as they are loaded. */
const name = process.env['MUTANT'];
const mutant = mutants.find((one) => one.name === name);
if (mutant === undefined) throw new Error(`there is no mutant ${String(name)}`);

const planted = new Set<string>();

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const edits = url.startsWith('file:')
      ? mutant.edits.filter(({ file }) => fileURLToPath(url).endsWith(`/server/${file}`))
      : [];
    if (edits.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
    let source =
      typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    for (const { file, from, to } of edits) {
      if (source.split(from).length !== 2)
        throw new Error(`${mutant.name} does not fit ${file} any more: it has to be there once`);
      source = source.replace(from, () => to);
      planted.add(file);
    }
    return { ...loaded, source };
  },
});

process.on('exit', () => {
  if (planted.size < new Set(mutant.edits.map(({ file }) => file)).size) process.exitCode = 3;
});
