import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_GRANTED_SCOPES } from '../../../src/access/index.ts';
import { readConfig } from '../../../src/config/index.ts';
import { CACHE_TTL_MS, days, hours, minutes, seconds } from '../../../src/kernel/index.ts';
import { LIFETIMES } from '../../../src/oauth/lifetimes.ts';
import { MAX_REQUEST_LENGTH } from '../../../src/oauth/parameters.ts';
import { readGuide } from '../../../src/public-site/docs/guide.ts';
import { CHECKOUT } from '../../support/checkout.ts';

const text = readGuide('limits');
/** Value that docs/guide/limits.md gives for each limit. */
const documented = new Map(
  [...text.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].map(([, what = '', limit = '']) => [what.trim(), limit.trim()]),
);
const used = new Set<string>();

function limit(what: string): string {
  used.add(what);
  const found = documented.get(what);
  if (found === undefined) throw new Error(`the page has no limit: ${what}`);
  return found;
}

/** Reads a number from a source that doesn't export it: from `const LIMIT = minutes(15);`, or from a property. */
function constant(file: string, name: string): number {
  const source = readFileSync(path.join(CHECKOUT, file), 'utf8');
  const [, expression = ''] = new RegExp(`\\b${name}(?: = |: )([^;,}]+)`).exec(source) ?? [];
  const [, unit = '', product = ''] =
    /^(?:(seconds|minutes|hours|days|perMinute)\()?([\d_ *]+)\)?$/.exec(expression.trim()) ?? [];
  if (product === '') throw new Error(`${file} has no number ${name}: ${expression}`);
  const number = product
    .replaceAll('_', '')
    .split('*')
    .reduce((all, factor) => all * Number(factor), 1);
  const units: Readonly<Record<string, (count: number) => number>> = { seconds, minutes, hours, days };
  return units[unit]?.(number) ?? number;
}

/** Reads a rate limit from a source: `NAME: RateLimit = { max: 5, window: hours(1) }` becomes '5 in an hour'. */
function rate(file: string, name: string): string {
  const source = readFileSync(path.join(CHECKOUT, file), 'utf8');
  const pattern = new RegExp(`\\b${name}: \\w+ = \\{ max: (\\d+), window: (minutes|hours|days)\\((\\d+)\\)`);
  const [, max, unit, count] = pattern.exec(source) ?? [];
  if (max === undefined) throw new Error(`${file} has no rate limit ${name}`);
  if (unit === 'days') return `${max} in ${24 * Number(count)} hours`;
  if (count === '1') return `${max} in ${unit === 'hours' ? 'an hour' : 'a minute'}`;
  return `${max} in ${count} ${unit}`;
}

const countOf = (limitText: string): string => limitText.split(' ')[0] ?? '';

// These tests keep their order, because the last one needs the limits that the tests before it have read.
describe('docs/guide/limits.md agrees with the code', { shuffle: false }, () => {
  it('about rates', () => {
    const attempts = 'src/identity/sign-in/attempt-limits.ts';
    expect(limit('Wrong passwords for one username from one network')).toBe(rate(attempts, 'USERNAME_LIMIT'));
    expect(limit('Wrong passwords from one network')).toBe(rate(attempts, 'NETWORK_LIMIT'));
    const codes = 'src/identity/sign-in/code-limit.ts';
    expect(limit('Wrong codes in one sign-in')).toBe(countOf(rate(codes, 'SIGN_IN_LIMIT')));
    expect(limit('Wrong codes for one account')).toBe(
      `${rate(codes, 'ACCOUNT_LIMIT')}, ${countOf(rate(codes, 'CONSECUTIVE_LIMIT'))} in a row`,
    );
    expect(limit('Client assertions with a wrong signature, for one app from one network')).toBe(
      rate('src/oauth/clients/client-authentication.ts', 'WRONG_SIGNATURE_LIMIT'),
    );
    expect(limit('Pushed requests of a public app from one network')).toBe(
      rate('src/oauth/par/routes.ts', 'PUBLIC_CLIENT_LIMIT'),
    );
    expect(limit('Failed token and revocation requests without authentication, from one network')).toBe(
      rate('src/oauth/token/unauthenticated-failures.ts', 'FAILURE_LIMIT'),
    );
    const registration = 'src/oauth/register/deps.ts';
    expect(limit('Self-registrations from one network')).toBe(rate(registration, 'NETWORK_LIMIT'));
    expect(limit('Self-registrations in total')).toBe(rate(registration, 'TOTAL_LIMIT'));
    const emails = 'src/sign-up/send-link.ts';
    expect(limit('Sign-up emails to one mailbox')).toBe(rate(emails, 'PER_MAILBOX'));
    expect(limit('Sign-up emails requested from one network')).toBe(rate(emails, 'PER_NETWORK'));
    const invitations = 'src/developer-api/organisations/invitation-routes.ts';
    expect(limit('Invitations to one address')).toBe(rate(invitations, 'PER_ADDRESS'));
    expect(limit('Invitations of one organization')).toBe(rate(invitations, 'PER_ORGANISATION'));
    expect(limit('Organizations that one person creates')).toBe(
      rate('src/developer-api/organisations/own-organisations-routes.ts', 'CREATION_LIMIT'),
    );
    expect(limit('Addresses checked while an app is edited')).toBe(
      rate('src/developer-api/apps/address-check.ts', 'CHECK_LIMIT'),
    );
    const log = 'src/apps/activity/log-quota.ts';
    expect(limit("Responses that an app's log shows one by one")).toBe(`${constant(log, 'SUCCESS_LIMIT')} in a minute`);
    expect(limit("Rejections that an app's log shows one by one")).toBe(`${constant(log, 'ERROR_LIMIT')} in a minute`);
  });

  it('about lifetimes', () => {
    expect(limit('Authorization code')).toBe(`${LIFETIMES.code} seconds`);
    expect(limit('Access token')).toBe(`${LIFETIMES.access} seconds`);
    expect(limit('Access token, backend services')).toBe(`${LIFETIMES.backendAccess} seconds`);
    expect(limit('ID token')).toBe(`${LIFETIMES.idToken} seconds`);
    const guide = 'Refresh token, without `offline_access` or `online_access`';
    expect(limit(guide)).toBe(`${LIFETIMES.guideRefresh / 3600} hours from its issue`);
    expect(limit('Refresh token, `offline_access`')).toBe(`${LIFETIMES.offlineRefresh / 86_400} days from its issue`);
    expect(limit('Refresh token, `online_access`')).toBe(
      `${LIFETIMES.onlineRefresh / 3600} hours, and not longer than the session`,
    );
    expect(limit('Retry of a refresh')).toBe(`${LIFETIMES.retry} seconds`);
    expect(limit('Retry of a refresh, after an outage')).toBe(`${LIFETIMES.interruptedRetry} seconds from its return`);
    expect(limit('Access tokens of one refresh and its retries')).toBe(
      `${constant('src/oauth/token/consume-tokens.ts', 'MAX_ACCESS_TOKENS')}`,
    );
    expect(limit('Pushed request')).toBe(`${LIFETIMES.pushed} seconds`);
    expect(limit('Launch')).toBe(`${constant('src/oauth/launch/routes.ts', 'LAUNCH_LIFETIME') / minutes(1)} minutes`);
    const assertion = 'src/oauth/clients/client-assertion.ts';
    expect(limit('Client assertion')).toBe(`${constant(assertion, 'MAX_LIFETIME') / minutes(1)} minutes at most`);
    expect(limit('Clock difference (assertion)')).toBe(`${constant(assertion, 'CLOCK_SKEW') / seconds(1)} seconds`);
    expect(limit('DPoP proof')).toBe(
      `${constant('src/oauth/token/dpop.ts', 'MAX_AGE_SECONDS')} seconds before or after`,
    );
    expect(limit('Idle session timeout')).toBe(
      `${constant('src/identity/sessions/session.ts', 'IDLE_TIMEOUT') / minutes(1)} minutes`,
    );
    expect(limit('Maximum session length')).toBe(
      `${constant('src/identity/sessions/session.ts', 'SESSION_LIFETIME') / hours(1)} hours`,
    );
    expect(limit('Confirmation of your identity, for changes to credentials')).toBe(
      `${constant('src/portal-api/guard.ts', 'PROOF_MAX_AGE') / minutes(1)} minutes`,
    );
    expect(limit('Link in a sign-up email')).toBe(
      `${constant('src/sign-up/send-link.ts', 'LINK_LIFETIME') / hours(1)} hours`,
    );
    expect(limit('Invitation to an organization')).toBe(
      `${constant('src/developer-api/organisations/invitation-routes.ts', 'INVITATION_LIFETIME') / days(1)} days`,
    );
    const activity = 'src/apps/activity/purge.ts';
    expect(limit("An app's log")).toBe(`${constant(activity, 'ROW_RETENTION') / days(1)} days`);
    expect(limit("An app's usage")).toBe(`${constant(activity, 'COUNT_RETENTION') / days(1)} days`);
    expect(limit('Ended access takes effect within')).toBe(`${CACHE_TTL_MS / seconds(1)} second`);
    expect(limit('Keys (JWKS) may be cached')).toBe(`${constant('src/oauth/keys/keyring.ts', 'JWKS_MAX_AGE')} seconds`);
  });

  it('about sizes', () => {
    expect(limit('Authorization request, all parameters encoded')).toBe(
      `${MAX_REQUEST_LENGTH} characters; push longer ones`,
    );
    expect(limit('Scopes in one request')).toBe(
      `${constant('src/access/scope-limits.ts', 'MAX_SCOPE_LENGTH')} characters`,
    );
    expect(limit('Granular scopes that an app registers')).toBe(
      `${constant('src/access/scope-limits.ts', 'MAX_GRANULAR_SCOPES')}`,
    );
    expect(limit('Scopes that can be granted together')).toBe(`${MAX_GRANTED_SCOPES}`);
    expect(limit('Parameters of one granular scope')).toBe(
      `${constant('src/fhir/authorization/granular-scopes.ts', 'MAX_CONDITIONS')}`,
    );
    expect(limit('Request body')).toBe(`${constant('src/http/server.ts', 'bodyLimit') / 1024} KB`);
    expect(limit('Body of a self-registration')).toBe(
      `${constant('src/oauth/register/parse-body.ts', 'MAX_BODY_BYTES') / 1024} KB`,
    );
    expect(limit('Client assertion text')).toBe(
      `${constant('src/oauth/clients/client-assertion.ts', 'MAX_ASSERTION_LENGTH')} characters`,
    );
    expect(limit('DPoP proof text')).toBe(`${constant('src/oauth/token/dpop.ts', 'MAX_PROOF_LENGTH')} characters`);
    expect(limit('Key set')).toBe(`${constant('src/apps/terms/check-key-set.ts', 'MAX_CHARACTERS') / 1024} KB`);
    expect(limit('Apps of an organization')).toBe(`${constant('src/apps/app-limit.ts', 'MOST_APPS')}`);
    expect(limit('Logo of an app')).toBe(`${constant('src/developer-api/apps/logo-routes.ts', 'MAX_BYTES') / 1024} KB`);
    expect(limit('Redirect URIs of an app')).toBe(`${constant('src/apps/terms/check-terms.ts', 'MAX_REDIRECTS')}`);
    expect(limit('Redirect URI')).toBe(`${constant('src/apps/terms/check-redirect-uri.ts', 'MAX_LENGTH')} characters`);
    expect(limit('Name of an app')).toBe(`${constant('src/apps/terms/check-name.ts', 'MAX_NAME_LENGTH')} characters`);
    expect(limit('Secrets of an app at a time')).toBe(`${constant('src/apps/secrets.ts', 'MAX_SECRETS')}`);
    const bundle = [
      constant('src/fhir/routes/request/bundle-body.ts', 'MEGABYTES'),
      constant('src/intake/feed/read-bundle.ts', 'MAX_ENTRIES'),
    ];
    expect(limit('Bundle that an app sends')).toBe(`${bundle[0]} MB, ${bundle[1]} entries`);
    expect(limit('Resource that is fed or loaded, without the data of its attachments')).toBe(
      `${constant('src/intake/import/size.ts', 'MAX_RESOURCE_SIZE') / 1024} KB`,
    );
    expect(limit('Contained resources of one resource')).toBe(
      `${constant('src/intake/import/size.ts', 'MAX_CONTAINED')}`,
    );
    const password = (name: string) => constant('src/identity/passwords/validate-password.ts', name);
    expect(limit('Password')).toBe(
      `${password('MIN_PASSWORD_LENGTH')} to ${password('MAX_PASSWORD_LENGTH')} characters`,
    );
  });

  it('about batches of GET requests', () => {
    const batch = 'src/fhir/routes/bundles/batch.ts';
    expect(limit('Entries of a batch of GET requests')).toBe(`${constant(batch, 'MAX_ENTRIES')}`);
    expect(limit('A batch of GET requests')).toBe(`${constant(batch, 'MAX_BATCH_BYTES') / 1024} KB`);
    expect(limit('Responses of a batch of GET requests; later entries get 413')).toBe(
      `${constant(batch, 'MAX_RESPONSE_BYTES') / 1024 / 1024} MB`,
    );
  });

  it('about searches', () => {
    const search = 'src/fhir/search/common-parameters.ts';
    expect(limit('Matches on a page without `_count`')).toBe(`${constant(search, 'DEFAULT_COUNT')}`);
    expect(limit('Maximum matches on a page')).toBe(`${constant(search, 'MAX_COUNT')}`);
    const links = [
      constant('src/fhir/search/search-limits.ts', 'MAX_LINKS'),
      constant('src/fhir/search/linked-criteria.ts', 'MAX_DEPTH'),
    ];
    expect(limit('Links of a search (chains and `_has`)')).toBe(`${links[0]}, at most ${links[1]} in a row`);
    const [parameters, values, totalLimit, tests] = [
      'MAX_PARAMETERS',
      'MAX_VALUES_PER_PARAMETER',
      'MAX_VALUES',
      'MAX_COMPARISONS',
    ].map((name) => `${constant('src/fhir/search/search-limits.ts', name)}`);
    expect(limit('Parameters of a request')).toBe(parameters);
    expect(limit('Values of one parameter, repeated ones included')).toBe(values);
    expect(limit('Values of all parameters of a request')).toBe(totalLimit);
    expect(limit('Dates, texts and quantities that a search compares; a composite value counts as five')).toBe(tests);
    expect(limit('Values of a composite parameter')).toBe(
      `${constant('src/fhir/search/composite-condition.ts', 'MAX_ALTERNATIVES')}`,
    );
    expect(limit('Codes with `:below` or `:above`')).toBe(
      `${constant('src/fhir/search/modifiers.ts', 'MAX_HIERARCHY_CODES')}`,
    );
    expect(limit('Included resources of a page')).toBe(
      constant('src/fhir/routes/search/include.ts', 'MAX_INCLUDED').toLocaleString('en'),
    );
    const sets = ['MAX_VALUE_SETS', 'MAX_CODES'].map((name) => constant('src/fhir/routes/search/value-sets.ts', name));
    expect(limit('Value sets in a search, their codes together')).toBe(sets.join(', '));
    const members = constant('src/fhir/model/terminology/value-set-members.ts', 'MAX_VALUE_SET_CODES');
    expect(limit('Codes of an expanded value set')).toBe(members.toLocaleString('en'));
    const form = constant('src/fhir/search/search-limits.ts', 'MAX_SEARCH_BODY_BYTES') / 1024;
    expect(limit('Parameters of a search or an operation in a body')).toBe(`${form} KiB`);
  });

  it('about fair queues', () => {
    const turns = 'src/fhir/routes/request/request-queue.ts';
    const numbers = (...names: readonly string[]) => names.map((name) => constant(turns, name)).join(', ');
    expect(limit('Concurrent searches, of one person with one app and in total')).toBe(
      numbers('MAX_SEARCHES_PER_PERSON', 'MAX_SEARCHES'),
    );
    expect(limit('Concurrent reads by id, in total')).toBe(numbers('MAX_LOOKUPS'));
    expect(limit('Concurrent reads of documents and versions, in total')).toBe(numbers('MAX_READS'));
    const shares =
      'Concurrent searches, reads by id, and reads of documents and versions, of one app while others send requests too';
    expect(limit(shares)).toBe(numbers('MAX_SEARCHES_PER_APP', 'MAX_LOOKUPS_PER_APP', 'MAX_READS_PER_APP'));
    expect(text).toContain(`at least every ${constant('src/kernel/group-shares.ts', 'RECENT_MS')} ms`);
    expect(limit('Waiting requests, of one person with one app and in total')).toBe(
      numbers('MAX_WAITING_PER_PERSON', 'MAX_WAITING'),
    );
    expect(limit('Maximum wait in the queue')).toBe(`${constant(turns, 'TURN_TIMEOUT_MS') / seconds(1)} seconds`);
    expect(limit("Time of one database statement, in reads by id and searches of one patient's record")).toBe(
      `${constant(turns, 'STATEMENT_TIMEOUT_MS') / seconds(1)} seconds`,
    );
  });

  it('and lists no other limits', () => {
    expect([...documented.keys()].filter((what) => !used.has(what) && !['What', '---'].includes(what))).toEqual([]);
  });
});

const RISING_ERRORS = 'src/apps/notifications/rising-errors.ts';
const INBOX = 'src/apps/notifications/inbox.ts';

describe('numbers on other pages agree with the code', () => {
  it.each([
    ['authentication', `${LIFETIMES.code} seconds`],
    ['authentication', `| Access token | 1 hour; backend services: ${LIFETIMES.backendAccess / 60} minutes |`],
    ['authentication', `${LIFETIMES.guideRefresh / 3600} hours, each from its own issue`],
    ['authentication', `${LIFETIMES.offlineRefresh / 86_400} days, each from its own issue`],
    ['authentication', `${LIFETIMES.onlineRefresh / 3600} hours at most, and not longer than the session`],
    ['authentication', `Sent again within ${LIFETIMES.retry} seconds`],
    ['registration', `${constant('src/apps/review/business-days.ts', 'DAYS_TO_VERIFY')} business days** to verify`],
    ['registration', `${constant('src/apps/review/business-days.ts', 'DAYS_TO_ENABLE')} business days** more`],
    ['registration', `email ${constant('src/apps/expiring-secrets.ts', 'WARNING_PERIOD') / days(1)} days before`],
    ['registration', `at least ${constant(RISING_ERRORS, 'MIN_ERRORS')} errors in`],
    [
      'registration',
      `${constant(RISING_ERRORS, 'MIN_FACTOR')} times the share of the ${constant(RISING_ERRORS, 'USUAL_PERIOD') / days(1)} days before`,
    ],
    ['registration', `fewer than ${constant(RISING_ERRORS, 'MIN_USUAL_REQUESTS')} requests in those`],
    [
      'registration',
      `retained for ${constant(INBOX, 'RETENTION') / days(1)} days, at most ${constant(INBOX, 'MAX_PER_ORGANISATION')} for each organization`,
    ],
    ['registration', `Up to ${constant('src/apps/terms/check-terms.ts', 'MAX_REDIRECTS')};`],
    ['enrollment', `valid for ${constant('src/enrollment/invitation/invite.ts', 'LINK_VALID_FOR') / days(1)} days`],
    ['enrollment', `letter for ${constant('src/enrollment/invitation/invite.ts', 'LETTER_VALID_FOR') / days(1)} days`],
    ['enrollment', `valid for ${constant('src/enrollment/invitation/issue-code.ts', 'CODE_VALID_FOR') / days(1)} days`],
    ['enrollment', `${constant('src/enrollment/bulk/parse-file.ts', 'MAX_ROWS')} lines`],
    ['enrollment', `at most ${constant('src/enrollment/bulk/parse-file.ts', 'MAX_FILE_BYTES') / 1024 / 1024} MB`],
    [
      'enrollment',
      `${constant('src/enrollment/invitation/open-invitation.ts', 'MAX_WRONG_ANSWERS')} wrong answers end the invitation`,
    ],
    ['enrollment', `| under ${constant('src/enrollment/chart/age.ts', 'MIN_ACCOUNT_AGE')} |`],
    ['enrollment', `| ${constant('src/enrollment/chart/age.ts', 'ADULT_AGE')} and older |`],
    ['authentication', `at most ${constant('src/fhir/routes/export/kick-off.ts', 'MAX_OPEN')} running exports`],
    ['authentication', `and ${constant('src/fhir/routes/export/kick-off.ts', 'MAX_STORED')} in total`],
    ['authentication', `${constant('src/intake/feed/read-bundle.ts', 'MAX_ENTRIES').toLocaleString('en')} entries`],
    [
      'authentication',
      `at most ${constant('src/oauth/clients/client-assertion.ts', 'MAX_LIFETIME') / minutes(1)} minutes ahead`,
    ],
    ['authentication', `| Pushed request | ${LIFETIMES.pushed / 60} minutes |`],
    ['getting-started', `A code is valid once, for ${LIFETIMES.code} seconds.`],
    ['registration', `a key set (at most ${constant('src/apps/terms/check-key-set.ts', 'MAX_CHARACTERS') / 1024} KB)`],
    [
      'registration',
      `caches it for ${constant('src/oauth/clients/key-set.ts', 'DEFAULT_CACHE_TIME') / minutes(1)} minutes`,
    ],
    ['registration', `at most ${constant('src/apps/terms/check-redirect-uri.ts', 'MAX_LENGTH')} characters`],
    ['registration', `At most ${constant('src/apps/versions/submit-version.ts', 'ofNobody')} versions a day`],
    ['get-a-token', `repeat the request within ${LIFETIMES.retry} seconds`],
    ['backend-services', `The token is valid for ${LIFETIMES.backendAccess / 60} minutes.`],
    ['backend-services', `says, which is ${constant('src/fhir/routes/export/status.ts', 'RETRY_AFTER')} seconds.`],
    ['read-a-record', `up to ${constant('src/fhir/routes/bundles/batch.ts', 'MAX_ENTRIES')} reads and searches`],
    ['read-a-record', `newest first, ${constant('src/fhir/search/common-parameters.ts', 'DEFAULT_COUNT')} on a page`],
    ['errors', `\`iat\` within ${constant('src/oauth/token/dpop.ts', 'MAX_AGE_SECONDS')} seconds`],
    ['errors', `A code lives ${LIFETIMES.code} seconds`],
    ['limits', `Each app may send ${readConfig({}).fhirRequestsPerMinute} requests per minute`],
    ['portal-api', `at most ${constant('src/portal-api/guard.ts', 'PROOF_MAX_AGE') / minutes(1)} minutes old`],
  ] as const)('%s: %s', (page, number) => {
    expect(readGuide(page)).toContain(number);
  });
});
