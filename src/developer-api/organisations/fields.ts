import { Problem, type RequestFieldError } from '../../kernel/index.ts';
import { isPlainName, normalizeLine } from '../../portal-api/index.ts';

interface OrganisationFields {
  readonly name: string;
  readonly website: string | undefined;
}

/** Normalizes and checks the name and website of an organization. Throws `fields-invalid` if either isn't valid. */
export function parseOrganisationFields(typed: {
  readonly name: string;
  readonly website: string | undefined;
}): OrganisationFields {
  const name = normalizeLine(typed.name);
  const website = normalizeLine(typed.website ?? '');
  const fieldErrors: RequestFieldError[] = [
    ...(isPlainName(name) ? [] : [{ field: 'name', message: 'Use letters and digits, at most 100 characters.' }]),
    ...(website === '' || isWebsite(website)
      ? []
      : [{ field: 'website', message: 'Enter a URL that starts with https://.' }]),
  ];
  if (fieldErrors.length > 0)
    throw new Problem('fields-invalid', { status: 400, message: 'Some fields are invalid.', fieldErrors });
  return { name, website: website === '' ? undefined : website };
}

/**
 * Returns whether a text can be an organization's website. It becomes a link on our pages, so it
 * must use https and contain no credentials.
 */
function isWebsite(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hostname.includes('.');
}
