import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { smallFont } from './small-font.ts';

const api = 'http://127.0.0.1:4000';

/** The documents of the app go along with it: they are all that a session may run, and they serve as examples. */
const publishedDocuments: Plugin = {
  name: 'published-documents',
  generateBundle() {
    const fileName = 'persisted-documents.json';
    const from = path.join(import.meta.dirname, 'src/graphql/generated', fileName);
    this.emitFile({ type: 'asset', fileName, source: readFileSync(from) });
  },
};

/** Same origin in development as in production: the API is reached through a proxy. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), publishedDocuments, smallFont],
  // The policy allows no `data:` fonts or scripts, so nothing is inlined.
  build: { assetsInlineLimit: 0, target: 'es2024', reportCompressedSize: true },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: api, ws: true },
      '/session': api,
      '/health/': api,
      '/demo': api,
    },
  },
});
