import type { Words } from '../en/index.ts';

export const mail: Words['mail'] = {
  signature: (sender) =>
    `${sender}\n\nEste correo lo envió una computadora. Nunca le pide su contraseña: quien lo haga no somos nosotros.`,
};
