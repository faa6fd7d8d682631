import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { createGraphqlClient } from './graphql/client.ts';
import { createSocket } from './graphql/socket.ts';
import { paths } from './paths.ts';
import { applyPreferences } from './preferences.ts';
import { SignInGate } from './components/sign-in-gate.tsx';
import { createAppRouter, preloadPages } from './routes.tsx';
import { createSignedOut } from './session.ts';
import { createFrameSchedule } from './stream/frame-schedule.ts';
import { StreamProvider } from './stream/stream-context.tsx';
import { StreamStore } from './stream/stream-store.ts';
import { startSyncStream, watchConnection } from './stream/sync-stream.ts';
import { whenIdle } from './ui/when-idle.ts';
import './styles.css';

applyPreferences();

const store = new StreamStore({
  nowMs: () => Date.now(),
  scheduleFlush: createFrameSchedule(() => performance.now()),
});

const socket = createSocket({
  url: new URL(paths.graphql(), window.location.href.replace(/^http/, 'ws')).href,
  onConnection: watchConnection(store),
  chance: () => Math.random(),
});

// A socket that slept through the loss may look open; a new one resumes where the old one stopped.
window.addEventListener('online', () => socket.terminate());

const signedOut = createSignedOut();

const client = createGraphqlClient({
  url: new URL(paths.graphql(), window.location.href).href,
  socket,
  cursor: () => store.cursor(),
  onUnauthenticated: signedOut.note,
});

const router = createAppRouter();
void startSyncStream(client, store);

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has lost its root element.');

createRoot(element).render(
  <StrictMode>
    <Provider value={client}>
      <StreamProvider value={store}>
        <SignInGate signedOut={signedOut}>
          <RouterProvider router={router} />
        </SignInGate>
      </StreamProvider>
    </Provider>
  </StrictMode>,
);

whenIdle(() => void preloadPages(router));
