import { useLocation } from 'react-router';
import { useLanguage } from '../../i18n/index.ts';

/** Link to the same page in the other language. */
export function LanguageLink() {
  const { messages, language } = useLanguage();
  const { pathname, search } = useLocation();
  const to = language === 'en' ? 'es' : 'en';
  const href = `/language?${new URLSearchParams({ to, return_to: `${pathname}${search}` })}`;
  return (
    <a className="tool" href={href} lang={to} hrefLang={to}>
      {messages.shell.otherLanguage}
    </a>
  );
}
