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
import { accountsSearch } from './accounts/search.ts';
import { messageSearch } from './campaigns/messageSearch.ts';
import { campaignSearch } from './campaigns/search.ts';
import { NotFound, PageError } from './components/failures.tsx';
import { Loading } from './components/Loading.tsx';
import { contactSearch, listSearch, stopSearch } from './contacts/search.ts';
import { importsSearch, newImportSearch } from './imports/search.ts';
import { inboundSearch, numbersSearch } from './inbound/search.ts';
import { Root } from './layout/Root.tsx';
import { moderationSearch, rulesSearch } from './moderation/search.ts';
import { statementSearch } from './money/search.ts';
import { requestSearch } from './senders/search.ts';
import { auditSearch } from './system/search.ts';
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

const moderation = createRoute({
  ...under,
  path: '/moderation',
  validateSearch: moderationSearch,
  component: lazyRouteComponent(() => import('./moderation/ModerationPage.tsx')),
});

const moderationRules = createRoute({
  ...under,
  path: '/moderation/rules',
  validateSearch: rulesSearch,
  component: lazyRouteComponent(() => import('./moderation/RulesPage.tsx')),
});

const operators = createRoute({
  ...under,
  path: '/operators',
  component: lazyRouteComponent(() => import('./operators/OperatorsPage.tsx')),
});

const system = createRoute({
  ...under,
  path: '/system',
  component: lazyRouteComponent(() => import('./system/SystemPage.tsx')),
});

const audit = createRoute({
  ...under,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./system/AuditPage.tsx')),
});

const contacts = createRoute({
  ...under,
  path: '/contacts',
  validateSearch: contactSearch,
  component: lazyRouteComponent(() => import('./contacts/ContactsPage.tsx')),
});

const contactFields = createRoute({
  ...under,
  path: '/contacts/fields',
  component: lazyRouteComponent(() => import('./contacts/FieldsPage.tsx')),
});

const lists = createRoute({
  ...under,
  path: '/lists',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./contacts/ListsPage.tsx')),
});

const stopList = createRoute({
  ...under,
  path: '/stop-list',
  validateSearch: stopSearch,
  component: lazyRouteComponent(() => import('./contacts/StopListPage.tsx')),
});

const imports = createRoute({
  ...under,
  path: '/imports',
  validateSearch: importsSearch,
  component: lazyRouteComponent(() => import('./imports/ImportsPage.tsx')),
});

const newImport = createRoute({
  ...under,
  path: '/imports/new',
  validateSearch: newImportSearch,
  component: lazyRouteComponent(() => import('./imports/NewImportPage.tsx')),
});

const inbound = createRoute({
  ...under,
  path: '/inbound',
  validateSearch: inboundSearch,
  component: lazyRouteComponent(() => import('./inbound/InboundPage.tsx')),
});

const inboundNumbers = createRoute({
  ...under,
  path: '/inbound/numbers',
  validateSearch: numbersSearch,
  component: lazyRouteComponent(() => import('./inbound/NumbersPage.tsx')),
});

const senders = createRoute({
  ...under,
  path: '/senders',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./senders/SendersPage.tsx')),
});

const senderRequests = createRoute({
  ...under,
  path: '/sender-requests',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./senders/SenderRequestsPage.tsx')),
});

const balance = createRoute({
  ...under,
  path: '/balance',
  validateSearch: statementSearch,
  component: lazyRouteComponent(() => import('./money/BalancePage.tsx')),
});

const accounts = createRoute({
  ...under,
  path: '/accounts',
  validateSearch: accountsSearch,
  component: lazyRouteComponent(() => import('./accounts/AccountsPage.tsx')),
});

const account = createRoute({
  ...under,
  path: '/accounts/$id',
  params: { parse: ({ id }) => ({ id: idOf(id) }), stringify: ({ id }) => ({ id: String(id) }) },
  validateSearch: statementSearch,
  component: lazyRouteComponent(() => import('./accounts/AccountPage.tsx')),
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
  validateSearch: messageSearch,
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
  routeTree: root.addChildren([
    home,
    campaigns,
    comparison,
    newCampaign,
    campaign,
    profile,
    users,
    moderation,
    moderationRules,
    operators,
    system,
    audit,
    contacts,
    contactFields,
    lists,
    stopList,
    imports,
    newImport,
    inbound,
    inboundNumbers,
    senders,
    senderRequests,
    balance,
    accounts,
    account,
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
  // Another list in the same place begins at its top.
  scrollToTopSelectors: ['[data-row-scroller]'],
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
