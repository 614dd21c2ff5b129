import accounts from './accounts.json';
import audit from './audit.json';
import campaigns from './campaigns.json';
import common from './common.json';
import compose from './compose.json';
import contacts from './contacts.json';
import imports from './imports.json';
import inbound from './inbound.json';
import lists from './lists.json';
import moderation from './moderation.json';
import money from './money.json';
import nav from './nav.json';
import operators from './operators.json';
import profile from './profile.json';
import senders from './senders.json';
import session from './session.json';
import system from './system.json';
import users from './users.json';

export default {
  accounts,
  audit,
  campaigns,
  common,
  compose,
  contacts,
  imports,
  inbound,
  lists,
  moderation,
  money,
  nav,
  operators,
  profile,
  senders,
  session,
  system,
  users,
};
