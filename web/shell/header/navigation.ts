import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import type { WebMessages } from '../../i18n/index.ts';

/** A page that the navigation, the account menu or the search links to. */
export interface PageLink {
  readonly path: string;
  readonly text: string;
  /** Whether the server renders the page, so that the browser loads it in full. */
  readonly isServerRendered?: boolean;
  /** Other words for what is on the page, with which the search finds it. */
  readonly synonyms?: string;
  /** Whether the page doesn't work for this account and says so. Only the search links to it. */
  readonly isUnavailable?: boolean;
}

/** Path of the page with the developer's notifications. */
export const NOTIFICATIONS_PATH = '/developer/notifications';

/** Path of the gallery of made-up apps, which exists with the sandbox. */
const EXAMPLE_APPS_PATH = '/sandbox/apps';

/** Returns whether a path belongs to the review pages of administrators. */
export const isReviewPath = (path: string): boolean => /^\/review(\/|$)/i.test(path);

/** Returns the main pages of the developer portal or, below `/review`, those of administrators. */
export function navigationLinks(
  path: string,
  { person, addresses }: SessionResponse,
  { nav }: WebMessages['shell'],
): readonly PageLink[] {
  if (isReviewPath(path)) {
    const reviewed = [
      { path: '/review', text: nav.queue },
      { path: '/review/apps', text: nav.allApps },
      { path: '/review/organisations', text: nav.organisations },
    ];
    const others = installationLinks(nav);
    return [...reviewed, ...(person?.sandboxAdministrator === true ? others.filter(isInSandbox) : others)];
  }
  const isDeveloper = person?.kind === 'developer';
  return [
    { path: '/developer', text: nav.start },
    ...(isDeveloper ? [{ path: '/developer/apps', text: nav.apps }] : []),
    { path: '/developer/explorer', text: nav.explorer },
    { path: '/developer/test-patients', text: nav.testPatients },
    ...(isDeveloper ? [{ path: '/developer/organisation', text: nav.organisation }] : []),
    { path: '/docs', text: nav.docs, isServerRendered: true },
    { path: new URL(addresses.swagger).pathname, text: nav.swagger, isServerRendered: true },
  ];
}

/** Returns the pages of administrators that aren't about the review of apps. */
const installationLinks = (nav: WebMessages['shell']['nav']): readonly PageLink[] => [
  { path: '/review/groups', text: nav.groups },
  { path: '/review/audit', text: nav.audit },
  { path: '/review/approvals', text: nav.approvals },
  { path: '/review/keys', text: nav.keys },
  { path: '/review/brands', text: nav.brands },
  { path: '/review/status', text: nav.status },
  { path: '/review/settings', text: nav.settings },
];

/** Returns whether the sandbox's administrator can use one of these pages, with made-up data. */
const isInSandbox = ({ path }: PageLink): boolean => path === '/review/brands';

/** Returns the pages that the search finds: those of the navigation and the account menu, and a few others. */
export function searchableLinks(
  path: string,
  session: SessionResponse,
  shell: WebMessages['shell'],
): readonly PageLink[] {
  const { person, sandbox } = session;
  const { nav, synonyms } = shell;
  const links: readonly PageLink[] = [
    ...navigationLinks(path, session, shell),
    ...(person === null ? [] : accountLinks(person, shell)),
    ...(person?.sandboxAdministrator === true && isReviewPath(path)
      ? installationLinks(nav)
          .filter((link) => !isInSandbox(link))
          .map((link) => ({ ...link, isUnavailable: true }))
      : []),
    ...(person?.kind === 'developer'
      ? [
          { path: NOTIFICATIONS_PATH, text: nav.notifications },
          { path: '/developer/apps/new', text: nav.newApp },
        ]
      : []),
    ...(sandbox && !isReviewPath(path)
      ? [{ path: EXAMPLE_APPS_PATH, text: nav.exampleApps, isServerRendered: true }]
      : []),
  ];
  const words: Readonly<Record<string, string>> = synonyms;
  const unique = [...new Map(links.map((link) => [link.path, link])).values()];
  return unique.map((link) => ({ ...link, synonyms: words[link.path] ?? '' }));
}

/** Returns the link to mark as current: the displayed page, or the main page that it belongs to. */
export function currentLink(links: readonly PageLink[], path: string): PageLink | undefined {
  // The bell in the header leads to the notifications, so none of the main pages does.
  if (path === NOTIFICATIONS_PATH) return undefined;
  const candidates = links.filter((link) => path === link.path || path.startsWith(`${link.path}/`));
  return candidates.toSorted((one, other) => other.path.length - one.path.length)[0];
}

/** Returns the pages of the account menu: the portal of the account, those of administrators, and account security. */
export function accountLinks(
  { kind, administrator, sandboxAdministrator }: NonNullable<SessionResponse['person']>,
  { nav, security }: WebMessages['shell'],
): readonly PageLink[] {
  const portals = {
    patient: { path: '/account', text: nav.account, isServerRendered: true },
    staff: { path: '/practice', text: nav.practice, isServerRendered: true },
    developer: { path: '/developer', text: nav.developer },
  } as const;
  const administration = [
    { path: '/review', text: nav.review },
    { path: '/practice/administration', text: nav.administration, isServerRendered: true },
  ];
  return [
    // The sandbox's administrator belongs to no practice.
    sandboxAdministrator ? { path: '/review', text: nav.review } : portals[kind],
    ...(administrator ? administration : []),
    { path: '/account/security', text: security, isServerRendered: true },
  ];
}
