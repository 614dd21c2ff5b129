// The start of the console: what everything needs is set up here, then the router takes over.
import './mantine.css';
import '@mantine/notifications/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.ts';
import { languageOf, speak } from './i18n/index.ts';
import { router } from './router.tsx';
import { followSignOut, SessionProvider, sessionQuery } from './session/session.ts';
import { cssVariables, theme } from './theme.ts';

const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
// Where react-remove-scroll, which Mantine's dialogs use, looks for it.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused, it refuses again; what did not reach it may.
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
followSignOut(client);

/**
 * Draws the console when all is there that it begins with: once, instead of once for each part that comes. Nothing here is
 * awaited by the module itself, for which the modules of pages wait.
 */
async function start(): Promise<void> {
  await Promise.all([
    client.prefetchQuery(sessionQuery()),
    router.load(),
    speak(languageOf(navigator.language)),
  ]);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce}
        >
          <SessionProvider>
            <ModalsProvider>
              <Notifications position="bottom-right" />
              <RouterProvider router={router} />
            </ModalsProvider>
          </SessionProvider>
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

start().catch((error: unknown) => {
  // Its own words could not be loaded, so it has none but these.
  const starting = document.querySelector('.starting');
  if (starting) starting.textContent = 'The console could not be loaded. Reload the page.';
  throw error;
});
