// Every page of the console and its address. A page is a default export in its feature's folder and is loaded when it
// is first visited; what stands in an address after `?` is declared with `search`.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { campaignSearch } from './campaigns/search.ts';
import { NotFound, PageError } from './components/failures.tsx';
import { Loading } from './components/Loading.tsx';
import { Root } from './layout/Root.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const under = { getParentRoute: () => root };

const home = createRoute({
  ...under,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/campaigns' });
  },
});

const campaigns = createRoute({
  ...under,
  path: '/campaigns',
  validateSearch: campaignSearch,
  component: lazyRouteComponent(() => import('./campaigns/CampaignsPage.tsx')),
});

export const router = createRouter({
  routeTree: root.addChildren([home, campaigns]),
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
