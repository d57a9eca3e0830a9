import { getMessages, LANGUAGE_NAMES, LANGUAGES, type PageContext } from '../i18n/index.ts';
import type { AccountPageContext, PageUser } from '../identity/index.ts';
import { attribute, type Html, html, toSingleLine } from '../kernel/index.ts';
import { hiddenField } from './forms.ts';
import type { PublicPageContext } from './page-context.ts';
import { searchKeySwitch } from './search-key.ts';

export interface NavigationLink {
  readonly path: string;
  readonly text: string;
}

/** The main pages of a portal. */
export interface Navigation {
  /** Name of the navigation for screen readers. */
  readonly label: string;
  readonly links: readonly NavigationLink[];
  /** Path of the link to mark as current: the displayed page, or the main page that it belongs to. */
  readonly currentPath: string;
  /** Search that is available on every page of the portal. */
  readonly search?: NavigationSearch | undefined;
}

export interface NavigationSearch {
  readonly path: string;
  readonly parameter: string;
  readonly label: string;
  /** Whether the displayed page has this search itself, so that the header doesn't repeat it. */
  readonly isOnPage: boolean;
}

/** The signed-in person, and the pages that the account menu links to. */
export interface SignedInUser {
  readonly name: string;
  /** Position of the person, for example the name of the practice. */
  readonly role?: string | undefined;
  readonly links: readonly NavigationLink[];
  readonly csrf: string;
}

/** The parts of the header besides the brand and the language. */
export interface PageHeader {
  readonly navigation: Navigation;
  /** undefined on public pages. */
  readonly user?: SignedInUser | undefined;
  /** Link to sign-in or to the account, on public pages. */
  readonly accountLink?: NavigationLink;
}

/**
 * Renders the header. Its menus are popovers, which open without JavaScript. A browser without popovers shows their
 * content at once.
 */
export function renderHeader(pageContext: PageContext, header: PageHeader | undefined): Html {
  const { brand } = pageContext;
  return html`
<header class="site-header">
<div class="bar">
<a class="brand" href="/"><img src="${brand.logo ?? '/assets/icon.svg'}" alt="" height="36"><span>${brand.name}</span></a>
${languageLinks(pageContext).map((link) => html`<span class="language ${header?.user !== undefined && 'in-menu'}">${link}</span>`)}
${header?.user === undefined ? '' : accountMenu(pageContext, header.user, header.navigation.search !== undefined)}
${header?.accountLink === undefined ? '' : html`<a class="tool account-link" href="${header.accountLink.path}">${header.accountLink.text}</a>`}
${header === undefined ? '' : html`<button type="button" class="open-nav" popovertarget="site-nav">${MENU_ICON}${getMessages(pageContext.language).common.menu}</button>`}
</div>
${header === undefined ? '' : renderNavigation(header)}
</header>`;
}

const MENU_ICON = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h16"/></svg>`;

function renderNavigation({ navigation, accountLink }: PageHeader): Html {
  const { label, links, currentPath, search } = navigation;
  const narrow = accountLink === undefined ? '' : html`<li class="narrow">${anchor(accountLink)}</li>`;
  return html`
<div class="menu site-nav" id="site-nav" popover>
<nav aria-label="${label}"><ul>${links.map((link) => renderLink(link, currentPath))}${narrow}</ul></nav>
${search === undefined || search.isOnPage ? '' : searchForm(search)}
</div>`;
}

const searchForm = ({ path, parameter, label }: NavigationSearch): Html => html`
<form action="${path}" role="search"><input type="search" name="${parameter}" aria-label="${label}" placeholder="${label}" maxlength="100" data-search></form>`;

const anchor = ({ path, text }: NavigationLink): Html => html`<a href="${path}">${text}</a>`;

const renderLink = ({ path, text }: NavigationLink, currentPath?: string): Html =>
  html`<li><a href="${path}" ${attribute('aria-current', path === currentPath && 'page')}>${text}</a></li>`;

function accountMenu(pageContext: PageContext, { name, role, links, csrf }: SignedInUser, hasSearch: boolean): Html {
  const { common } = getMessages(pageContext.language);
  return html`
<button type="button" popovertarget="account-menu"><span class="avatar" aria-hidden="true">${initials(name)}</span><span class="account-name">${name}</span></button>
<div class="menu" id="account-menu" popover>
<p class="name">${common.signedInAs} <b>${name}</b>${role}</p>
<ul>${links.map((link) => renderLink(link))}${languageLinks(pageContext).map((link) => html`<li class="language">${link}</li>`)}</ul>
${hasSearch && searchKeySwitch(pageContext.language)}
<form method="post" action="/sign-out">${hiddenField('csrf', csrf)}<button>${common.signOut}</button></form>
</div>`;
}

/**
 * Returns the header of pages that belong to an account and to no record: the links to the portal of the account and to
 * its security pages.
 * @param currentPath path of the link to mark as current
 */
export function accountHeader(
  pageContext: AccountPageContext,
  currentPath: string = SECURITY_PATH,
): PageHeader | undefined {
  const { user, language } = pageContext;
  if (user === undefined) return undefined;
  const { parentPages, title } = getMessages(language).security;
  return {
    navigation: {
      label: parentPages.name,
      links: [portalLink(pageContext, user), securityLink(title)],
      currentPath,
    },
    user: signedInUser(pageContext, user),
  };
}

export interface PublicHeaderOptions {
  /** Path that sign-in leads back to. By default it leads to the portal of the account. */
  readonly returnTo?: string;
}

/**
 * Returns the header of public pages, which belong to no practice. It leads to the portal of the signed-in account, or
 * to sign-in.
 * @param currentPath path of the main page to mark as current
 */
export function publicHeader(
  pageContext: PublicPageContext,
  currentPath: string,
  { returnTo }: PublicHeaderOptions = {},
): PageHeader {
  const { language, user } = pageContext;
  const { publicSite, signIn } = getMessages(language);
  const { navigation, links: names } = publicSite;
  const links = [
    { path: '/apps', text: names.apps },
    { path: '/service-base-urls', text: names.practices },
    { path: '/status', text: names.status },
    { path: '/docs', text: names.docs },
    { path: '/developer', text: names.developers },
  ];
  const accountLink =
    user === undefined ? { path: signInPath(returnTo), text: signIn.title } : portalLink(pageContext, user);
  return { navigation: { label: navigation, links, currentPath }, accountLink };
}

const signInPath = (returnTo: string | undefined): string =>
  returnTo === undefined ? '/sign-in' : `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;

/** Returns the account menu of a signed-in person: links to the portal, to the account's security and, for administrators, to the review. */
export function signedInUser(pageContext: PageContext, user: PageUser, role?: string): SignedInUser {
  const { parentPages, title } = getMessages(pageContext.language).security;
  const administration = [
    { path: '/review', text: parentPages.review },
    { path: '/practice/administration', text: parentPages.administration },
  ];
  const links = [portalLink(pageContext, user), ...(user.administrator ? administration : []), securityLink(title)];
  return { name: toSingleLine(user.displayName, MAX_NAME), role, links, csrf: user.csrf };
}

/** Maximum number of characters of a name. Names come from records, which may contain anything. */
const MAX_NAME = 100;
const SECURITY_PATH = '/account/security';
const securityLink = (text: string): NavigationLink => ({ path: SECURITY_PATH, text });

function portalLink(
  { language }: PageContext,
  { kind, sandboxAdministrator = false }: Pick<PageUser, 'kind' | 'sandboxAdministrator'>,
): NavigationLink {
  const { parentPages } = getMessages(language).security;
  // The sandbox's administrator belongs to no practice.
  if (sandboxAdministrator) return { path: '/review', text: parentPages.review };
  const portals = {
    patient: { path: '/account', text: parentPages.account },
    staff: { path: '/practice', text: parentPages.practice },
    developer: { path: '/developer', text: parentPages.developer },
  };
  return portals[kind];
}

/** Returns the first letters of the first and the last part of a name, without titles after a comma such as "MD". */
function initials(name: string): string {
  const [person = ''] = name.split(',');
  const parts = person.split(/\s+/u).filter((part) => part !== '');
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => [...(part ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}

/**
 * Renders links to the page in the other languages. Each language is listed by its own name. Narrow windows have no room
 * for them beside an account menu, so the menu contains them there.
 */
function languageLinks({ language, currentPath }: PageContext): readonly Html[] {
  if (currentPath === undefined) return [];
  return LANGUAGES.filter((other) => other !== language).map(
    (other) =>
      html`<a class="tool" lang="${other}" hreflang="${other}" href="/language?${new URLSearchParams({ to: other, return_to: currentPath })}">${LANGUAGE_NAMES[other]}</a>`,
  );
}
