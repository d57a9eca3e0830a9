import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { BREAKPOINTS } from '../../../src/design/index.ts';
import icon from '../../../src/web-pages/assets/icon.svg?inline';
import { useMessages } from '../../i18n/index.ts';
import { signInUrl } from '../api.ts';
import { SearchBox } from '../search/search-box.tsx';
import { useSession } from '../session.ts';
import { AccountMenu } from './account-menu.tsx';
import { LanguageLink } from './language-link.tsx';
import { currentLink, navigationLinks } from './navigation.ts';
import { NotificationsLink } from './notifications-link.tsx';
import { PageAnchor } from './page-anchor.tsx';

const NAVIGATION_ID = 'site-nav';
const WIDE = `(min-width: ${BREAKPOINTS.navigation})`;

/**
 * Header of every page. It has the markup and the stylesheet of the header that the server renders
 * (`src/web-pages/header.ts`), so that all pages look like one product.
 */
export function Header() {
  const { shell } = useMessages();
  const { brandName, person, csrf } = useSession();
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false }) ?? true;
  return (
    <header className="site-header">
      <div className="bar">
        <a className="brand" href="/">
          <img src={icon} alt="" height="36" />
          {brandName}
        </a>
        {isWide ? <SearchBox /> : null}
        <span className={person === null ? 'language' : 'language in-menu'}>
          <LanguageLink />
        </span>
        {person?.kind === 'developer' ? <NotificationsLink /> : null}
        {person === null ? <SignedOutLinks /> : <AccountMenu person={person} csrf={csrf} />}
        <button type="button" className="open-nav" popoverTarget={NAVIGATION_ID}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 7h16M4 12h16M4 17h16" />
          </svg>
          {shell.menu}
        </button>
      </div>
      <Navigation isWide={isWide} />
    </header>
  );
}

/** The main pages: a row on wide windows. On narrow ones a menu, which contains the search too. */
function Navigation({ isWide }: { readonly isWide: boolean }) {
  const { shell } = useMessages();
  const session = useSession();
  const { pathname } = useLocation();
  const menu = useRef<HTMLDivElement>(null);
  const links = navigationLinks(pathname, session, shell);
  const current = currentLink(links, pathname);
  // biome-ignore lint/correctness/useExhaustiveDependencies: open menus close after each navigation
  useEffect(() => {
    for (const open of document.querySelectorAll<HTMLElement>('.site-header [popover]:popover-open'))
      open.hidePopover();
  }, [pathname]);
  return (
    <div className="menu site-nav" id={NAVIGATION_ID} popover="auto" ref={menu}>
      <nav aria-label={shell.menu}>
        <ul>
          {links.map((link) => (
            <li key={link.path}>
              <PageAnchor link={link} isCurrent={link === current} />
            </li>
          ))}
          {session.person === null ? <SignedOutItems /> : null}
        </ul>
      </nav>
      {isWide ? null : <SearchBox reveal={() => menu.current?.showPopover()} />}
    </div>
  );
}

/** Links to sign in and sign up in the menu of narrow windows, whose header has no room for them. */
function SignedOutItems() {
  const { shell } = useMessages();
  return (
    <>
      <li className="narrow">
        <a href={signInUrl()}>{shell.signIn}</a>
      </li>
      <li className="narrow">
        <a href="/developer/sign-up">{shell.signUp}</a>
      </li>
    </>
  );
}

function SignedOutLinks() {
  const { shell } = useMessages();
  // The address of the sign-in page leads back to the displayed page.
  useLocation();
  return (
    <>
      <a className="tool account-link" href={signInUrl()}>
        {shell.signIn}
      </a>
      <a className="tool account-link" href="/developer/sign-up">
        {shell.signUp}
      </a>
    </>
  );
}
