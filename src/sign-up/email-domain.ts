import { parse } from 'tldts';
import { isPublicEmailProvider } from './public-email-providers.ts';

/** Domain of the made-up addresses of visitors of the sandbox. No one can own it, nor get email there (RFC 2606 §3). */
export const VISITOR_DOMAIN = 'sandbox.example';

/** Whether an email address is the made-up address of a visitor of the sandbox. */
export const isVisitorAddress = (email: string): boolean => email.endsWith(`@${VISITOR_DOMAIN}`);

/**
 * Returns the domain whose email addresses belong to one organization: the registrable domain
 * (publicsuffix.org) without subdomains. Returns undefined if the people of a domain have nothing
 * in common: at a public email provider, in the sandbox, at a public suffix (including private ones: `github.io` is
 * not an organization, `maker.github.io` is), or at a bare host or IP address.
 * @param email normalized email address
 */
export function organisationDomain(email: string): string | undefined {
  const host = email.slice(email.lastIndexOf('@') + 1);
  if (isVisitorAddress(email)) return undefined;
  const { domain, domainWithoutSuffix, isIp } = parse(host, { allowPrivateDomains: true });
  if (domain === null || domainWithoutSuffix === null || isIp === true) return undefined;
  return isPublicEmailProvider(domain, domainWithoutSuffix) ? undefined : domain;
}

/**
 * Proposes a name for the organization of an email domain. For example, `acme-health.example`
 * becomes Acme Health. Returns an empty text for internationalized domains (RFC 3492).
 */
export function proposeName(domain: string): string {
  const label = parse(domain, { allowPrivateDomains: true }).domainWithoutSuffix ?? '';
  if (label.startsWith('xn--')) return '';
  const words = label.split('-').filter((word) => word !== '');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
}
