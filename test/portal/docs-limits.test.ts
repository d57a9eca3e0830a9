import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MOST_GRANTED } from '../../src/access/index.ts';
import { days, FRESH, hours, minutes, seconds } from '../../src/kernel/index.ts';
import { LIFETIMES } from '../../src/oauth/lifetimes.ts';
import { LONGEST_REQUEST } from '../../src/oauth/parameters.ts';
import { readGuide } from '../../src/portal/docs/guide.ts';
import { CHECKOUT } from '../support/checkout.ts';

const text = readGuide('limits');
/** The value that the page gives for each limit. */
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

/** A number that a file doesn't export: `const WINDOW = minutes(15);`, or the expression at its place of use. */
function constant(file: string, name: string): number {
  const source = readFileSync(path.join(CHECKOUT, file), 'utf8');
  const [, expression = ''] = new RegExp(`\\b${name}(?: = |: )([^;,}]+)`).exec(source) ?? [];
  const [, unit = '', product = ''] =
    /^(?:(seconds|minutes|hours|days)\()?([\d_ *]+)\)?$/.exec(expression.trim()) ?? [];
  if (product === '') throw new Error(`${file} has no number ${name}: ${expression}`);
  const number = product
    .replaceAll('_', '')
    .split('*')
    .reduce((all, factor) => all * Number(factor), 1);
  const units: Readonly<Record<string, (count: number) => number>> = { seconds, minutes, hours, days };
  return units[unit]?.(number) ?? number;
}

/** Reads a rate limit: `{ most: 5, window: hours(1) }`. */
function most(file: string, name: string): readonly [number, number] {
  const source = readFileSync(path.join(CHECKOUT, file), 'utf8');
  const [, count = '', hour = ''] =
    new RegExp(`${name}: \\w+ = \\{ \\w+: (\\d+), \\w+: (?:hours|days)\\((\\d+)\\)`).exec(source) ?? [];
  return [Number(count), Number(hour)];
}

describe('docs/guide/limits.md agrees with the code', () => {
  it('rates', () => {
    const window = constant('src/people/throttle.ts', 'WINDOW') / minutes(1);
    expect(limit('Wrong passwords for one username from one network')).toBe(
      `${constant('src/people/throttle.ts', 'PER_PAIR')} in ${window} minutes`,
    );
    expect(limit('Wrong passwords from one network')).toBe(
      `${constant('src/people/throttle.ts', 'PER_ADDRESS')} in ${window} minutes`,
    );
    const codes = 'src/people/sign-in/code-limit.ts';
    expect(limit('Wrong codes in one sign-in')).toBe(`${most(codes, 'PER_SIGN_IN')[0]}`);
    const [account, hour] = most(codes, 'PER_ACCOUNT');
    expect(hour).toBe(1);
    expect(limit('Wrong codes for one account')).toBe(`${account} in an hour, ${most(codes, 'IN_A_ROW')[0]} in a row`);
    expect(limit('Client assertions with a wrong signature, for one app from one network')).toBe(
      `${constant('src/oauth/client/client-authentication.ts', 'MOST_WRONG_SIGNATURES')} in a minute`,
    );
    expect(limit('Pushed requests of a public app from one network')).toBe(
      `${constant('src/oauth/par/routes.ts', 'MOST_UNPROVED')} in a minute`,
    );
    expect(limit('Failed token and revocation requests without authentication, from one network')).toBe(
      `${constant('src/oauth/token/unproved-failures.ts', 'MOST_FAILURES')} in a minute`,
    );
    expect(limit('Self-registrations from one network')).toBe(
      `${constant('src/oauth/register/deps.ts', 'MOST_OF_A_NETWORK')} in an hour`,
    );
    expect(limit('Self-registrations in total')).toBe(
      `${constant('src/oauth/register/deps.ts', 'MOST_IN_ALL')} in an hour`,
    );
    expect(limit('Sign-up emails to one mailbox')).toBe(
      `${most('src/portal/sign-up/ask.ts', 'PER_MAILBOX')[0]} in an hour`,
    );
    expect(limit('Sign-up emails requested from one network')).toBe(
      `${most('src/portal/sign-up/ask.ts', 'PER_NETWORK')[0]} in an hour`,
    );
    const invitations = 'src/portal/organisations/invitation-routes.ts';
    expect(limit('Invitations to one address')).toBe(`${most(invitations, 'PER_ADDRESS')[0]} in an hour`);
    expect(limit('Invitations of one organization')).toBe(
      `${most(invitations, 'PER_ORGANISATION').join(' in ')} hours`,
    );
    const [createLimit, day] = most('src/portal/organisations/own-routes.ts', 'MADE');
    expect(limit('Organizations that one person creates')).toBe(`${createLimit} in ${24 * day} hours`);
    const checks = 'src/portal/apps/address-check.ts';
    expect(limit('Addresses checked while an app is edited')).toBe(
      `${constant(checks, 'most')} in ${constant(checks, 'within') / minutes(1)} minutes`,
    );
    const log = 'src/registry/activity/allowance.ts';
    expect(limit("Responses that an app's log shows one by one")).toBe(`${constant(log, 'MOST_ANSWERS')} in a minute`);
    expect(limit("Rejections that an app's log shows one by one")).toBe(
      `${constant(log, 'MOST_REFUSALS')} in a minute`,
    );
  });

  it('lifetimes', () => {
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
      `${constant('src/oauth/token/consume.ts', 'MOST_ACCESS')}`,
    );
    expect(limit('Pushed request')).toBe(`${LIFETIMES.pushed} seconds`);
    expect(limit('Launch')).toBe(`${constant('src/oauth/launch/routes.ts', 'LIFETIME') / minutes(1)} minutes`);
    const assertion = 'src/oauth/client/assertion.ts';
    expect(limit('Client assertion')).toBe(`${constant(assertion, 'LONGEST_LIFE') / minutes(1)} minutes at most`);
    expect(limit('Clock difference (assertion)')).toBe(`${constant(assertion, 'SKEW') / seconds(1)} seconds`);
    expect(limit('DPoP proof')).toBe(`${constant('src/oauth/token/dpop.ts', 'WINDOW')} seconds before or after`);
    expect(limit('Session without activity')).toBe(`${constant('src/people/session.ts', 'IDLE') / minutes(1)} minutes`);
    expect(limit('Session at most')).toBe(`${constant('src/people/session.ts', 'LONGEST') / hours(1)} hours`);
    expect(limit('Confirmation of your identity, for credentials')).toBe(
      `${constant('src/portal/api/guard.ts', 'PROOF_LASTS') / minutes(1)} minutes`,
    );
    expect(limit('Link in a sign-up email')).toBe(
      `${constant('src/portal/sign-up/ask.ts', 'LINK_LASTS') / hours(1)} hours`,
    );
    expect(limit('Invitation to an organization')).toBe(
      `${constant('src/portal/organisations/invitation-routes.ts', 'LASTS') / days(1)} days`,
    );
    const activity = 'src/registry/activity/sweep.ts';
    expect(limit("An app's log")).toBe(`${constant(activity, 'ROWS_KEPT') / days(1)} days`);
    expect(limit("An app's usage")).toBe(`${constant(activity, 'COUNTS_KEPT') / days(1)} days`);
    expect(limit('Ended access takes effect within')).toBe(`${FRESH / seconds(1)} second`);
    expect(limit('Keys (JWKS) may be cached')).toBe(`${constant('src/oauth/keys/keyring.ts', 'JWKS_MAX_AGE')} seconds`);
  });

  it('sizes', () => {
    expect(limit('Authorization request, all parameters encoded')).toBe(
      `${LONGEST_REQUEST} characters; push longer ones`,
    );
    expect(limit('Scopes in one request')).toBe(`${constant('src/access/limits.ts', 'LONGEST_SCOPES')} characters`);
    expect(limit('Granular scopes that an app registers')).toBe(`${constant('src/access/limits.ts', 'MOST_GRANULAR')}`);
    expect(limit('Scopes that can be granted together')).toBe(`${MOST_GRANTED}`);
    expect(limit('Parameters of one granular scope')).toBe(
      `${constant('src/fhir/core/granular.ts', 'MOST_CONDITIONS')}`,
    );
    expect(limit('Request body')).toBe(`${constant('src/http/server.ts', 'bodyLimit') / 1024} KB`);
    expect(limit('Body of a self-registration')).toBe(
      `${constant('src/oauth/register/read-body.ts', 'MOST_BYTES') / 1024} KB`,
    );
    expect(limit('Client assertion text')).toBe(`${constant('src/oauth/client/assertion.ts', 'LONGEST')} characters`);
    expect(limit('DPoP proof text')).toBe(`${constant('src/oauth/token/dpop.ts', 'LONGEST_PROOF')} characters`);
    expect(limit('Key set')).toBe(`${constant('src/registry/key-set-fault.ts', 'MOST_CHARACTERS') / 1024} KB`);
    expect(limit('Apps of an organization')).toBe(`${constant('src/registry/app-limit.ts', 'MOST_APPS')}`);
    expect(limit('Logo of an app')).toBe(`${constant('src/portal/apps/logo-routes.ts', 'MOST_BYTES') / 1024} KB`);
    expect(limit('Redirect URIs of an app')).toBe(`${constant('src/registry/faults.ts', 'MOST_REDIRECTS')}`);
    expect(limit('Redirect URI')).toBe(`${constant('src/registry/redirect-uri.ts', 'LONGEST')} characters`);
    expect(limit('Name of an app')).toBe(`${constant('src/registry/name-faults.ts', 'LONGEST_NAME')} characters`);
    expect(limit('Secrets of an app at a time')).toBe(`${constant('src/registry/secrets.ts', 'MOST_SECRETS')}`);
    const bundle = [
      constant('src/fhir/routes/bundle-body.ts', 'MEGABYTES'),
      constant('src/intake/feed/read-bundle.ts', 'MOST_ENTRIES'),
    ];
    expect(limit('Bundle that an app sends')).toBe(`${bundle[0]} MB, ${bundle[1]} entries`);
    expect(limit('Resource that is fed or loaded, without the data of its attachments')).toBe(
      `${constant('src/intake/size.ts', 'LARGEST_RESOURCE') / 1024} KB`,
    );
    expect(limit('Contained resources of one resource')).toBe(`${constant('src/intake/size.ts', 'MOST_CONTAINED')}`);
    const password = (name: string) => constant('src/people/password-faults.ts', name);
    expect(limit('Password')).toBe(`${password('SHORTEST_PASSWORD')} to ${password('LONGEST_PASSWORD')} characters`);
  });

  it('batches of GET requests', () => {
    const batch = 'src/fhir/routes/batch.ts';
    expect(limit('Entries of a batch of GET requests')).toBe(`${constant(batch, 'MOST_ENTRIES')}`);
    expect(limit('A batch of GET requests')).toBe(`${constant(batch, 'LONGEST_BATCH') / 1024} KB`);
    expect(limit('Responses of a batch of GET requests; later entries get 413')).toBe(
      `${constant(batch, 'MOST_BYTES') / 1024 / 1024} MB`,
    );
  });

  it('search', () => {
    const search = 'src/fhir/core/common-parameters.ts';
    expect(limit('Matches on a page, if `_count` is left out')).toBe(`${constant(search, 'DEFAULT_COUNT')}`);
    expect(limit('Matches on a page at most')).toBe(`${constant(search, 'MAX_COUNT')}`);
    const links = [
      constant('src/fhir/core/search-limits.ts', 'MOST_LINKS'),
      constant('src/fhir/core/read-link.ts', 'DEEPEST'),
    ];
    expect(limit('Links of a search (chains and `_has`)')).toBe(`${links[0]}, at most ${links[1]} in a row`);
    const [parameters, values, totalLimit, tests] = [
      'MOST_PARAMETERS',
      'MOST_VALUES',
      'MOST_VALUES_IN_ALL',
      'MOST_TESTS',
    ].map((name) => `${constant('src/fhir/core/search-limits.ts', name)}`);
    expect(limit('Parameters of a request')).toBe(parameters);
    expect(limit('Values of one parameter, repeated ones included')).toBe(values);
    expect(limit('Values of all parameters of a request')).toBe(totalLimit);
    expect(limit('Dates, texts and quantities that a search compares; a composite value counts as five')).toBe(tests);
    expect(limit('Values of a composite parameter')).toBe(
      `${constant('src/fhir/core/composite.ts', 'MOST_COMPOSITES')}`,
    );
    expect(limit('Codes with `:below` or `:above`')).toBe(`${constant('src/fhir/core/modifiers.ts', 'MOST_KINDS')}`);
    expect(limit('Included resources of a page')).toBe(
      constant('src/fhir/routes/include.ts', 'MOST').toLocaleString('en'),
    );
    const sets = ['MOST_NAMED', 'MOST_CODES'].map((name) => constant('src/fhir/routes/value-sets.ts', name));
    expect(limit('Value sets in a search, their codes together')).toBe(sets.join(', '));
    const members = constant('src/fhir/core/value-set/members.ts', 'MOST_MEMBERS');
    expect(limit('Codes of an expanded value set')).toBe(members.toLocaleString('en'));
    const form = constant('src/fhir/core/search-limits.ts', 'LONGEST_SEARCH') / 1024;
    expect(limit('Parameters of a search or an operation in a body')).toBe(`${form} KiB`);
  });

  it('fair queues', () => {
    const turns = 'src/fhir/routes/turns.ts';
    const atOnce = ['SEARCHES_OF_A_GRANT', 'SEARCHES_AT_ONCE'].map((name) => constant(turns, name));
    expect(limit('Searches that run at once, of one grant and in total')).toBe(atOnce.join(', '));
    expect(limit('Reads by id that run at once, in total')).toBe(`${constant(turns, 'READS_AT_ONCE')}`);
    const waitingLimits = ['WAITING_OF_A_GRANT', 'WAITING_IN_ALL'].map((name) => constant(turns, name));
    expect(limit('Requests that wait, of one grant and in total')).toBe(waitingLimits.join(', '));
    expect(limit('Wait for a turn')).toBe(`${constant(turns, 'TURN_WITHIN') / seconds(1)} seconds`);
    expect(limit("Time of one database statement, in searches of one patient's record")).toBe(
      `${constant(turns, 'STATEMENT_WITHIN') / seconds(1)} seconds`,
    );
  });

  it('and lists no other limits', () => {
    expect([...documented.keys()].filter((what) => !used.has(what) && !['What', '---'].includes(what))).toEqual([]);
  });
});

describe('numbers on other pages agree with the code', () => {
  it.each([
    ['authentication', `${LIFETIMES.code} seconds`],
    ['authentication', `| Access token | 1 hour; backend services: ${LIFETIMES.backendAccess / 60} minutes |`],
    ['authentication', `${LIFETIMES.guideRefresh / 3600} hours, each from its own issue`],
    ['authentication', `${LIFETIMES.offlineRefresh / 86_400} days, each from its own issue`],
    ['authentication', `${LIFETIMES.onlineRefresh / 3600} hours at most, and not longer than the session`],
    ['authentication', `Sent again within ${LIFETIMES.retry} seconds`],
    ['registration', `${constant('src/registry/review/business-days.ts', 'DAYS_TO_VERIFY')} business days** to verify`],
    ['registration', `${constant('src/registry/review/business-days.ts', 'DAYS_TO_ENABLE')} business days** more`],
    ['registration', `email ${constant('src/registry/secrets-expiring.ts', 'WARNED_BEFORE') / days(1)} days before`],
    ['registration', `Up to ${constant('src/registry/faults.ts', 'MOST_REDIRECTS')};`],
    ['enrollment', `valid for ${constant('src/enrollment/invitation/invite.ts', 'MAIL_GOOD_FOR') / days(1)} days`],
    ['enrollment', `letter for ${constant('src/enrollment/invitation/invite.ts', 'LETTER_GOOD_FOR') / days(1)} days`],
    ['enrollment', `valid for ${constant('src/enrollment/invitation/give-code.ts', 'GOOD_FOR') / days(1)} days`],
    ['enrollment', `${constant('src/enrollment/bulk/read-file.ts', 'MOST_LINES')} lines`],
    ['enrollment', `at most ${constant('src/enrollment/bulk/read-file.ts', 'LARGEST_FILE') / 1024 / 1024} MB`],
    [
      'enrollment',
      `${constant('src/enrollment/invitation/open.ts', 'MOST_FAILURES')} wrong answers end the invitation`,
    ],
    ['enrollment', `| under ${constant('src/enrollment/chart/age.ts', 'YOUNGEST')} |`],
    ['enrollment', `| ${constant('src/enrollment/chart/age.ts', 'OF_AGE')} and older |`],
    ['authentication', `at most ${constant('src/fhir/routes/export/kick-off.ts', 'MOST_OPEN')} running exports`],
    ['authentication', `and ${constant('src/fhir/routes/export/kick-off.ts', 'MOST_KEPT')} in total`],
    ['authentication', `${constant('src/intake/feed/read-bundle.ts', 'MOST_ENTRIES').toLocaleString('en')} entries`],
    [
      'authentication',
      `at most ${constant('src/oauth/client/assertion.ts', 'LONGEST_LIFE') / minutes(1)} minutes ahead`,
    ],
    ['authentication', `| Pushed request | ${LIFETIMES.pushed / 60} minutes |`],
    ['getting-started', `A code is valid once, for ${LIFETIMES.code} seconds.`],
    ['registration', `a key set (at most ${constant('src/registry/key-set-fault.ts', 'MOST_CHARACTERS') / 1024} KB)`],
    ['registration', `caches it for ${constant('src/oauth/client/key-set.ts', 'USUAL_FRESH') / minutes(1)} minutes`],
    ['registration', `at most ${constant('src/registry/redirect-uri.ts', 'LONGEST')} characters`],
    ['registration', `At most ${constant('src/registry/versions/hand-in.ts', 'ofNobody')} versions a day`],
    ['errors', `\`iat\` within ${constant('src/oauth/token/dpop.ts', 'WINDOW')} seconds`],
    ['errors', `A code lives ${LIFETIMES.code} seconds`],
    ['portal-api', `at most ${constant('src/portal/api/guard.ts', 'PROOF_LASTS') / minutes(1)} minutes old`],
  ] as const)('%s: %s', (page, number) => {
    expect(readGuide(page)).toContain(number);
  });
});
