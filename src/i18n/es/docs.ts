import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const docs: Messages['docs'] = {
  title: terms.documentation,
  portal: terms.developerPortal,
  signIn: terms.signIn,
  start: 'Índice de la documentación',
  pages: 'Todas las páginas',
  groups: { start: 'Primeros pasos', tasks: 'Tareas', reference: 'Referencia' },
  search: 'Buscar en la documentación',
  find: terms.search,
  resultsFor: (asked) => `Resultados para «${asked}»`,
  nothing: (asked) => `No hay resultados para «${asked}». Pruebe con menos palabras o con el código de un error.`,
  onThisPage: 'En esta página',
  previous: 'Anterior:',
  next: 'Siguiente:',
  copy: terms.copy,
  copied: terms.copied,
  inEnglish: 'La documentación está en inglés.',
};
