import campaigns from './campaigns.json';
import common from './common.json';
import nav from './nav.json';
import session from './session.json';

export default { campaigns, common, nav, session };
