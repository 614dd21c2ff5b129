// Finds where the links of a text lead: http links, and bare domains such as phones turn into links. Pure; called by
// reasons.ts, and by rules.ts for the domains that are known.

/**
 * Top-level domains besides those of countries (two letters) at which phones make a link out of bare words. With a
 * path behind it (`sale.example/x`) any name is a link.
 */
const topLevels = new Set(
  (
    'com net org info biz edu gov mil int name pro mobi tel asia cat jobs travel arpa aero coop museum ' +
    'top xyz online site shop store club live app dev link click icu vip fun win bid loan men date space website ' +
    'tech review stream download trade party science work world life today blog news agency email digital cloud host ' +
    'press media team group run care help support services solutions network zone bond cfd sbs cyou rest lol monster ' +
    'quest buzz cam ink page bar cash money finance bank credit bet casino poker games game promo sale deals delivery ' +
    'express post tax lat africa ltd inc gmbh me one art best business center company chat city codes discount ' +
    'рф рус укр бел мкд срб бг қаз հայ გე ελ ευ ею москва дети онлайн сайт орг ком'
  ).split(' '),
);

const linkWithScheme = /[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/?#\\<>"]+)[^\s<>"]*/giu;
const hostCharacters = /[\p{L}\p{N}\p{M}_.。．｡-]+/gu;
const dots = /[.。．｡]/u;
const trailing = /[.,;:!?)\]}'»”’…]+$/u;

/** The hosts that the text links to, each once, in lower case and with IDN as punycode. */
export function linkedHosts(text: string): string[] {
  const hosts = new Set<string>();
  const visible = text.replace(/\p{Cf}+/gu, '');
  const rest = visible.replace(linkWithScheme, (_link, authority: string) => {
    // Who stands before the @ is a user name, also where it looks like a domain.
    const host = authority.replace(trailing, '').split('@').at(-1)!.replace(/:\d*$/, '');
    if (host !== '') hosts.add(readHost(host) ?? host.toLowerCase());
    return ' ';
  });
  let pathEnd = 0;
  for (const match of rest.matchAll(hostCharacters)) {
    if (match.index < pathEnd) continue;
    const before = rest[match.index - 1];
    const after = rest.slice(match.index + match[0].length);
    const hasPath = /^(:\d{1,5})?[/?#\\]\S/.test(after);
    if (before === '@' && !hasPath) continue;
    for (const run of match[0].split(/[.。．｡]{2,}/u)) {
      const host = bareHost(run, hasPath && match[0].endsWith(run));
      if (host === undefined) continue;
      hosts.add(host);
      // What looks like a domain in the path (`/report.do`) is none.
      if (hasPath) pathEnd = match.index + match[0].length + after.search(/\s|$/);
    }
  }
  return [...hosts];
}

/** The domain at the beginning of a run of characters that may stand in one: `example.com.Call` is `example.com`. */
function bareHost(run: string, hasPath: boolean): string | undefined {
  const labels = run.split(dots).filter((label) => label !== '');
  if (labels.length < 2) return undefined;
  const numeric = labels.length === 4 && labels.every((label) => /^\d{1,3}$/.test(label));
  if (numeric) return hasPath ? readHost(labels.join('.')) : undefined;
  // `www.` says by itself that a link follows, and is no name.
  const www = /^www$/i.test(labels[0]!);
  for (let last = labels.length - 1; last >= (www ? 2 : 1); last -= 1) {
    const certain = hasPath && last === labels.length - 1;
    if (/^\d+$/.test(labels[last]!)) continue;
    if (certain || isTopLevel(labels[last]!)) return readHost(labels.slice(0, last + 1).join('.'));
  }
  return www ? readHost(labels.join('.')) : undefined;
}

function isTopLevel(label: string): boolean {
  const small = label.normalize('NFKC').toLowerCase();
  return /^[a-z]{2}$/.test(small) || small.startsWith('xn--') || topLevels.has(small);
}

/** A host as it is compared: undefined where it can be none. */
function readHost(host: string): string | undefined {
  const url = URL.parse(`http://${host.replaceAll(/[。．｡]/gu, '.')}`);
  const name = url?.hostname.replace(/\.$/, '') ?? '';
  return name === '' ? undefined : name;
}

/** Labels of letters, digits and inner hyphens, two or more, or an address; 253 characters in all. */
const domainForm =
  /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A domain as a person writes it, in the form of linkedHosts; undefined where it is none, or a whole top level. */
export function readDomain(value: string): string | undefined {
  const host = readHost(value.trim().replace(/^\*?\./, ''));
  return host !== undefined && !/[/?#@:\\\s]/.test(value.trim()) && domainForm.test(host) ? host : undefined;
}

/** A host and all the domains it lies in, without the top level: what may be known of it. */
export function domainsOf(host: string): string[] {
  const labels = host.split('.');
  const isAddress = /^[\d.]+$/.test(host);
  return isAddress ? [host] : labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}
