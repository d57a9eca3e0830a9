import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const common: Messages['common'] = {
  product: terms.product,
  skip: 'Ir a la parte principal',
  otherLanguage: terms.language,
  error: 'Error',
  errorTitle: (title) => `Error: ${title}`,
  problem: 'Hay un problema',
  signOut: terms.signOut,
  notYou: '¿No es usted?',
  signedInAs: 'Ha iniciado sesión como',
  questions: (brand) => `¿Preguntas? Hable con ${brand}`,
  and: 'y',
};
