// Every page of the console and its address. A page is a default export in its feature's folder and is loaded when it
// is first visited; what stands in an address after `?` is declared with `search`.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router';
import { campaignSearch } from './campaigns/search.ts';
import { NotFound, PageError } from './components/failures.tsx';
import { Loading } from './components/Loading.tsx';
import { Root } from './layout/Root.tsx';
import { userSearch } from './users/search.ts';

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

const comparison = createRoute({
  ...under,
  path: '/campaigns/comparison',
  component: lazyRouteComponent(() => import('./campaigns/ComparisonPage.tsx')),
});

const newCampaign = createRoute({
  ...under,
  path: '/campaigns/new',
  component: lazyRouteComponent(() => import('./compose/NewCampaignPage.tsx')),
});

const campaign = createRoute({
  ...under,
  path: '/campaigns/$id',
  params: { parse: ({ id }) => ({ id: idOf(id) }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(() => import('./campaigns/CampaignPage.tsx')),
});

const profile = createRoute({
  ...under,
  path: '/profile',
  component: lazyRouteComponent(() => import('./profile/ProfilePage.tsx')),
});

const users = createRoute({
  ...under,
  path: '/users',
  validateSearch: userSearch,
  component: lazyRouteComponent(() => import('./users/UsersPage.tsx')),
});

export const router = createRouter({
  routeTree: root.addChildren([home, campaigns, comparison, newCampaign, campaign, profile, users]),
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

/** The id in an address; what is none leads to a page that does not exist. */
function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
