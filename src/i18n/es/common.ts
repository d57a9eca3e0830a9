import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const common: Messages['common'] = {
  skip: 'Ir al contenido principal',
  error: 'Error',
  errorTitle: (title) => `Error: ${title}`,
  problem: 'Hay un problema',
  signOut: terms.signOut,
  notYou: '¿No es usted?',
  signedInAs: 'Ha iniciado sesión como',
  menu: 'Menú',
  questions: (brand) => `¿Tiene preguntas? Hable con ${brand}`,
  and: 'y',
};
