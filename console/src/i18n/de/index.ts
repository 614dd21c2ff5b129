import accounts from './accounts.json';
import audit from './audit.json';
import campaigns from './campaigns.json';
import common from './common.json';
import contacts from './contacts.json';
import imports from './imports.json';
import inbound from './inbound.json';
import lists from './lists.json';
import moderation from './moderation.json';
import money from './money.json';
import nav from './nav.json';
import operators from './operators.json';
import senders from './senders.json';
import session from './session.json';
import system from './system.json';

export default {
  accounts,
  audit,
  campaigns,
  common,
  contacts,
  imports,
  inbound,
  lists,
  moderation,
  money,
  nav,
  operators,
  senders,
  session,
  system,
};
