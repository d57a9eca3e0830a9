import type { App, DataUse } from '../../domain/index.ts';
import { isLoopbackHost } from '../../kernel/index.ts';

/** Description of the app for the person who decides. */
export interface RequestingApp {
  readonly name: string;
  /** Null when unknown. */
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** The app registered itself, so it chose its own name. */
  readonly selfRegistered: boolean;
  /** Not approved yet, so it can reach sandbox records only. */
  readonly provisional: boolean;
  /** Destination of redirect and data: the host of the redirect URI, or the custom scheme of the app. */
  readonly address: string;
  /** `address` is on the person's own device. */
  readonly onDevice: boolean;
  /** Privacy policy of the app. https only, except on loopback hosts. */
  readonly policy: { readonly href: string; readonly host: string } | undefined;
  readonly dataUse: DataUse;
  /** Path of the logo. */
  readonly logo?: string | undefined;
}

/** The members of an app that the consent page describes. */
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
 * Name of the app for people. A name that an app gave itself is put in quotation marks, because it may read like a
 * statement of this server.
 */
export const displayAppName = ({ name, registrationHash }: Pick<App, 'name' | 'registrationHash'>): string =>
  registrationHash === undefined ? name : `“${name.replaceAll(/["“”„‟«»]/g, '’')}”`;

/** Where a redirect URI leads. RFC 8252 §7: a custom scheme or a loopback address is on the person's own device. */
function describeDestination({ protocol, host, hostname }: URL): Pick<RequestingApp, 'address' | 'onDevice'> {
  if (protocol !== 'https:' && protocol !== 'http:') return { address: protocol.replace(':', ''), onDevice: true };
  return { address: host, onDevice: isLoopbackHost(hostname) };
}

/**
 * A privacy policy address that a page may link to. It must use https and contain no credentials, so that the displayed
 * host is the host of the link. http is allowed for loopback addresses only, for apps on the reader's own computer such
 * as the demo app.
 */
export function parsePolicyLink(given: unknown): RequestingApp['policy'] {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const { protocol, username, password, href, host, hostname } = new URL(given);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  return isSafe && username === '' && password === '' ? { href, host } : undefined;
}
