import Bowser from 'bowser';

/** Longest User-Agent that is parsed, in characters. */
const MAX_USER_AGENT_LENGTH = 500;

/**
 * Names that the parser knows. For other products it repeats the User-Agent's text, which would let a client write text
 * into our emails.
 */
const KNOWN_PRODUCTS: ReadonlySet<string | undefined> = new Set([
  ...Object.values(Bowser.BROWSER_MAP),
  ...Object.values(Bowser.OS_MAP),
]);

/**
 * Describes a browser for its owner, such as "Firefox on Android"; `undefined` if the User-Agent is unknown. The client
 * chooses its User-Agent, so this helps people recognize their own devices and proves nothing.
 */
export function describeDevice(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent === '') return undefined;
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  const words = [browser.name, os.name].filter((word) => KNOWN_PRODUCTS.has(word));
  return words.length === 0 ? undefined : words.join(' on ');
}
