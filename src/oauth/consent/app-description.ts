import type { App, DataUse } from '../../domain/index.ts';
import { isLoopbackHost } from '../../kernel/index.ts';

/** The app as the consent page describes it to the person who decides. */
export interface RequestingApp {
  readonly name: string;
  /** Name of the app's developer. Null when unknown. */
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** Whether the app registered itself (RFC 7591). Such an app chose its own name. */
  readonly selfRegistered: boolean;
  /** Whether the app isn't approved yet. Such an app can reach sandbox records only. */
  readonly provisional: boolean;
  /** Where the browser and the data go: the host of the redirect URI, or the custom URL scheme of the app. */
  readonly address: string;
  /** Whether the browser and the data go to a program on the person's own device. */
  readonly onDevice: boolean;
  /**
   * Privacy policy of the app. The link uses https, except on loopback hosts. Undefined if the app has no policy that a
   * page may link to.
   */
  readonly policy: { readonly href: string; readonly host: string } | undefined;
  readonly dataUse: DataUse;
  /** Path of the app's logo on this server. */
  readonly logo?: string | undefined;
}

/** The fields of an app that the consent page describes. */
export type DescribedApp = Pick<
  App,
  | 'clientId'
  | 'name'
  | 'state'
  | 'developer'
  | 'verifiedAt'
  | 'dataUse'
  | 'metadata'
  | 'registrationHash'
  | 'logoVersion'
>;

/** Describes the app on the consent page. Nothing that the app says about itself is presented as verified. */
export function describeApp(client: DescribedApp, redirect: string): RequestingApp {
  const { clientId, developer, verifiedAt, dataUse, metadata, registrationHash, state, logoVersion } = client;
  return {
    name: displayAppName(client),
    developer,
    verifiedAt,
    selfRegistered: registrationHash !== undefined,
    provisional: state === 'provisional',
    ...describeDestination(new URL(redirect)),
    policy: parsePolicyLink(metadata['policy_uri']),
    dataUse,
    ...(logoVersion === undefined ? {} : { logo: `/app-logos/${clientId}?v=${logoVersion}` }),
  };
}

/**
 * Returns the name of the app as people see it. A name that an app gave itself is put in quotation marks, because it
 * may read like a statement of this server.
 */
export const displayAppName = ({ name, registrationHash }: Pick<App, 'name' | 'registrationHash'>): string =>
  registrationHash === undefined ? name : `“${name.replaceAll(/["“”„‟«»]/g, '’')}”`;

/**
 * Describes where a redirect URI leads. A custom URL scheme or a loopback address is on the person's own device (RFC
 * 8252 §7).
 */
function describeDestination({ protocol, host, hostname }: URL): Pick<RequestingApp, 'address' | 'onDevice'> {
  if (protocol !== 'https:' && protocol !== 'http:') return { address: protocol.replace(':', ''), onDevice: true };
  return { address: host, onDevice: isLoopbackHost(hostname) };
}

/**
 * Parses the address of a privacy policy. Returns undefined if a page must not link to it: it must use https and
 * contain no credentials, so that the displayed host is the host of the link. http is allowed for loopback addresses
 * only, for apps on the reader's own computer such as the demo app.
 */
export function parsePolicyLink(given: unknown): RequestingApp['policy'] {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const { protocol, username, password, href, host, hostname } = new URL(given);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  return isSafe && username === '' && password === '' ? { href, host } : undefined;
}
