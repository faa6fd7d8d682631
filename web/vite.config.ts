import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = 'http://127.0.0.1:4000';

/** Same origin in development as in production: the API is reached through a proxy. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  // The policy allows no `data:` fonts or scripts, so nothing is inlined.
  build: { assetsInlineLimit: 0, target: 'es2024', reportCompressedSize: true },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: api, ws: true },
      '/session': api,
      '/health': api,
      '/demo': api,
    },
  },
});
