import { parse } from 'tldts';
import { isPublicMail } from './public-mail.ts';

/**
 * The domain whose addresses are the people of one organization: the registrable one (publicsuffix.org), whatever is
 * before it. Undefined where addresses have nothing in common: at a provider of mail for everybody, at a public suffix
 * (its private section too: `github.io` is no organization, `maker.github.io` is), at a bare host or address.
 * @param email folded
 */
export function organisationDomain(email: string): string | undefined {
  const host = email.slice(email.lastIndexOf('@') + 1);
  const { domain, domainWithoutSuffix, isIp } = parse(host, { allowPrivateDomains: true });
  if (domain === null || domainWithoutSuffix === null || isIp === true) return undefined;
  return isPublicMail(domain, domainWithoutSuffix) ? undefined : domain;
}

/** `acme-health.example`: Acme Health. What is written in other letters (RFC 3492) is left to its people. */
export function proposedName(domain: string): string {
  const label = parse(domain, { allowPrivateDomains: true }).domainWithoutSuffix ?? '';
  if (label.startsWith('xn--')) return '';
  const words = label.split('-').filter((word) => word !== '');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
}
