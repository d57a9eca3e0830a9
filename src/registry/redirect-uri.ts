/** It comes back in addresses, beside a code and a state. */
const LONGEST = 2000;
/** As it is written: what is compared later is the text. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)([:/?]|$)/i;

/**
 * Why an address can't be registered as a redirect URI, in words that say how to mend it; undefined when it can.
 * RFC 6749 §3.1.2, RFC 8252 §7 (loopback and private-use schemes), RFC 9700 §2.1.
 */
export function redirectFault(uri: string): string | undefined {
  if (uri.length > LONGEST) return `A redirect URI has at most ${LONGEST} characters.`;
  if (!URL.canParse(uri)) return `${uri} is not an absolute address.`;
  const url = new URL(uri);
  if (uri.includes('#')) return `${uri} must not have a fragment (#…).`;
  if (!/^[\u0021-\u007e]+$/.test(uri) || uri.includes('\\')) {
    return `${uri} must be plain ASCII without spaces and backslashes: escape other characters as %XX.`;
  }
  if (/[,*]/.test(uri)) return `${uri} must be one exact address, without commas or wildcards.`;
  if (url.username !== '' || url.password !== '') return `${uri} must not hold a username or password.`;
  if (/^https?:(?!\/\/[^/])/i.test(uri)) return `${uri} must have // and a host after its scheme.`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') {
    return LOOPBACK.test(uri) ? undefined : `${uri} must use https; http is only for localhost.`;
  }
  // RFC 8252 §7.1: a private-use scheme is a reversed domain name, so it holds a dot. That rules out javascript: and data:.
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol)
    ? undefined
    : `${uri} must use https, or a scheme of your own such as com.example.app:/callback.`;
}

/** Why an app can't be launched at an address: SMART App Launch 2.2, EHR launch. A browser opens it, so it is no scheme of an app's own. */
export function launchFault(uri: string): string | undefined {
  const fault = redirectFault(uri);
  if (fault !== undefined) return `Launch URI: ${fault}`;
  return /^https?:/i.test(uri) ? undefined : `Launch URI: ${uri} must use https.`;
}
