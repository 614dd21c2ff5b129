import campaigns from './campaigns.json';
import common from './common.json';
import compose from './compose.json';
import nav from './nav.json';
import session from './session.json';

export default { campaigns, common, compose, nav, session };
