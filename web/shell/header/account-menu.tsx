import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import { useMessages } from '../../i18n/index.ts';
import { SearchKeySwitch } from '../search/search-key.tsx';
import { LanguageLink } from './language-link.tsx';
import { accountLinks } from './navigation.ts';
import { PageAnchor } from './page-anchor.tsx';
import { ThemeSelect } from './theme-select.tsx';

const MENU_ID = 'account-menu';

/** Button with the person's initials and name. It opens the account menu, which works like that of the server's pages. */
export function AccountMenu({
  person,
  csrf,
}: {
  readonly person: NonNullable<SessionResponse['person']>;
  readonly csrf: string;
}) {
  const { shell } = useMessages();
  return (
    <>
      <button type="button" popoverTarget={MENU_ID}>
        <span className="avatar" aria-hidden="true">
          {initials(person.name)}
        </span>
        <span className="account-name">{person.name}</span>
      </button>
      <div className="menu" id={MENU_ID} popover="auto">
        <p className="name">
          {shell.signedInAs} <b>{person.name}</b>
        </p>
        <ul>
          {accountLinks(person, shell).map((link) => (
            <li key={link.path}>
              <PageAnchor link={link} />
            </li>
          ))}
          <li className="language">
            <LanguageLink />
          </li>
        </ul>
        <SearchKeySwitch />
        <ThemeSelect />
        <form method="post" action="/sign-out">
          <input type="hidden" name="csrf" value={csrf} />
          <button type="submit">{shell.signOut}</button>
        </form>
      </div>
    </>
  );
}

/** Returns the first letters of the first and the last part of a name, without titles after a comma such as "MD". */
function initials(name: string): string {
  const [person = ''] = name.split(',');
  const parts = person.split(/\s+/u).filter((part) => part !== '');
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => [...(part ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}
