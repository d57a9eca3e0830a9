import type { Messages } from '../en/index.ts';
import { formatNumber } from './plural.ts';
import { terms } from './terms.ts';

export const common: Messages['common'] = {
  skip: 'Ir al contenido principal',
  searchKey: terms.searchKey,
  error: 'Error',
  errorTitle: (title) => `Error: ${title}`,
  problem: 'Hay un problema',
  signOut: terms.signOut,
  notYou: '¿No es usted?',
  signedInAs: 'Ha iniciado sesión como',
  menu: 'Menú',
  print: 'Imprimir',
  questions: (brand) => `¿Tiene preguntas? Hable con ${brand}`,
  copy: terms.copy,
  copied: terms.copied,
  password: {
    show: 'Mostrar',
    hide: 'Ocultar',
    showLabel: 'Mostrar contraseña',
    hideLabel: 'Ocultar contraseña',
    shown: 'Su contraseña está visible.',
    hidden: 'Su contraseña está oculta.',
  },
  and: 'y',
  pagination: {
    page: (page, pages) => `Página ${formatNumber(page)} de ${formatNumber(pages)}`,
    next: terms.nextPage,
    previous: 'Página anterior',
  },
  step: (step, steps) => `Paso ${formatNumber(step)} de ${formatNumber(steps)}`,
};
