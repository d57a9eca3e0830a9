import { useMessages } from '../i18n/index.ts';
import { Header } from './header/header.tsx';
import { ThemeSelect } from './header/theme-select.tsx';
import { SearchKeySwitch } from './search/search-key.tsx';
import { useSession } from './session.ts';

/** Layout around each page of the portal. */
export function Layout({ children }: { readonly children: React.ReactNode }) {
  const { shell } = useMessages();
  const { person } = useSession();
  return (
    <>
      <a className="skip" href="#main">
        {shell.skip}
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {/* Signed-in people find these settings in the account menu. */}
      {person === null ? (
        <footer>
          <SearchKeySwitch />
          <ThemeSelect />
        </footer>
      ) : null}
    </>
  );
}
