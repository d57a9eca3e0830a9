import type { Messages } from '../en/index.ts';

export const common: Messages['common'] = {
  product: 'Patient Access',
  skip: 'Ir a la parte principal',
  otherLanguage: 'Idioma',
  error: 'Error',
  errorTitle: (title) => `Error: ${title}`,
  problem: 'Hay un problema',
  signOut: 'Cerrar sesión',
  notYou: '¿No es usted?',
  signedInAs: 'Ha iniciado sesión como',
  questions: (brand) => `¿Preguntas? Hable con ${brand}`,
  and: 'y',
};
