import { Link } from 'react-router';
import type { PageLink } from './navigation.ts';

/** Link to a page of the portal, or to a page that the server renders. */
export function PageAnchor({ link, isCurrent = false }: { readonly link: PageLink; readonly isCurrent?: boolean }) {
  const current = isCurrent ? { 'aria-current': 'page' as const } : {};
  return link.isServerRendered === true ? (
    <a href={link.path} {...current}>
      {link.text}
    </a>
  ) : (
    <Link to={link.path} {...current}>
      {link.text}
    </Link>
  );
}
