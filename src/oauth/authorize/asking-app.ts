import { isLoopbackHost } from '../../kernel/index.ts';
import type { AskingApp, Client } from '../ports.ts';

/** The app as the person who is asked judges it: nothing that it may say of itself stands for more than that. */
export function askingApp(client: Client, redirect: string): AskingApp {
  const { clientId, developer, verifiedAt, dataUse, metadata, registrationHash, state, logoVersion } = client;
  return {
    name: shownName(client),
    developer,
    verifiedAt,
    selfRegistered: registrationHash !== undefined,
    provisional: state === 'provisional',
    ...placeOf(new URL(redirect)),
    policy: policyOf(metadata['policy_uri']),
    dataUse,
    ...(logoVersion === undefined ? {} : { logo: `/app-logos/${clientId}?v=${logoVersion}` }),
  };
}

/** A name that an app gave itself stands in quotation marks: it may be a sentence, which nobody here has said. */
export const shownName = ({ name, registrationHash }: Pick<Client, 'name' | 'registrationHash'>): string =>
  registrationHash === undefined ? name : `“${name.replaceAll(/["“”„‟«»]/g, '’')}”`;

/** Where a redirect leads. RFC 8252 §7: a scheme of an app's own and a loopback address are on the person's device. */
function placeOf({ protocol, host, hostname }: URL): Pick<AskingApp, 'address' | 'onDevice'> {
  if (protocol !== 'https:' && protocol !== 'http:') return { address: protocol.replace(':', ''), onDevice: true };
  return { address: host, onDevice: isLoopbackHost(hostname) };
}

/**
 * A link of a page of ours: to no host that its text would not name, and over https. Over http it leads to a program on
 * the reader's own device, as the demo app of a server that runs there.
 */
export function policyOf(given: unknown): AskingApp['policy'] {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const { protocol, username, password, href, host, hostname } = new URL(given);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  return isSafe && username === '' && password === '' ? { href, host } : undefined;
}
