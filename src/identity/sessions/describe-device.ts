import Bowser from 'bowser';

/** Number of characters of a User-Agent header that are parsed. The rest is ignored. */
const MAX_USER_AGENT_LENGTH = 500;

/**
 * Browsers and systems that the User-Agent parser knows. For other products the parser returns the header's own text,
 * and a client could put text into our emails that way.
 */
const KNOWN_PRODUCTS: ReadonlySet<string | undefined> = new Set([
  ...Object.values(Bowser.BROWSER_MAP),
  ...Object.values(Bowser.OS_MAP),
]);

/**
 * Describes a browser from its User-Agent header, such as "Firefox on Android"; `undefined` if the header is unknown.
 * The description helps people recognize their own devices. It proves nothing, because a client chooses its header.
 */
export function describeDevice(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent === '') return undefined;
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  const words = [browser.name, os.name].filter((word) => KNOWN_PRODUCTS.has(word));
  return words.length === 0 ? undefined : words.join(' on ');
}
