import type { Messages } from '../en/index.ts';

export const docs: Messages['docs'] = {
  title: 'Documentación',
  portal: 'Portal para desarrolladores',
  signIn: 'Iniciar sesión',
  start: 'Todas las páginas de un vistazo',
  pages: 'Todas las páginas',
  search: 'Buscar en la documentación',
  find: 'Buscar',
  resultsFor: (asked) => `Resultados para «${asked}»`,
  nothing: (asked) => `No se encontró nada para «${asked}». Pruebe con menos palabras o con el código de un error.`,
  onThisPage: 'En esta página',
  previous: 'Anterior:',
  next: 'Siguiente:',
  copy: 'Copiar',
  copied: 'Copiado',
  inEnglish: 'Esta documentación está escrita en inglés.',
};
