import campaigns from './campaigns.json';
import common from './common.json';
import compose from './compose.json';
import nav from './nav.json';
import profile from './profile.json';
import session from './session.json';
import users from './users.json';

export default { campaigns, common, compose, nav, profile, session, users };
