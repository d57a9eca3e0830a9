import Bowser from 'bowser';

/** Longest User-Agent that is read. */
const LONGEST = 500;

/** Names that the parser knows: of any other it repeats what was sent, and whoever sent it would write into our mail. */
const KNOWN: ReadonlySet<string | undefined> = new Set([
  ...Object.values(Bowser.BROWSER_MAP),
  ...Object.values(Bowser.OS_MAP),
]);

/**
 * A browser as its person knows it: "Firefox on Android". Undefined when it doesn't say what it is. Whoever signs in
 * chooses what it says, so it helps people to recognise their own and proves nothing.
 */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent === '') return undefined;
  const { browser, os } = Bowser.parse(userAgent.slice(0, LONGEST));
  const words = [browser.name, os.name].filter((word) => KNOWN.has(word));
  return words.length === 0 ? undefined : words.join(' on ');
}
