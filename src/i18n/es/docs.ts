import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const docs: Messages['docs'] = {
  title: terms.documentation,
  portal: terms.developerPortal,
  signIn: terms.signIn,
  start: 'Todas las páginas de un vistazo',
  pages: 'Todas las páginas',
  search: 'Buscar en la documentación',
  find: terms.search,
  resultsFor: (asked) => `Resultados para «${asked}»`,
  nothing: (asked) => `No se encontró nada para «${asked}». Pruebe con menos palabras o con el código de un error.`,
  onThisPage: 'En esta página',
  previous: 'Anterior:',
  next: 'Siguiente:',
  copy: terms.copy,
  copied: terms.copied,
  inEnglish: 'Esta documentación está escrita en inglés.',
};
