import type { Messages } from '../en/index.ts';

export const emailFooter: Messages['emailFooter'] = {
  signature: (sender) =>
    `${sender}\n\nEste correo lo envió una computadora. Nunca le pide su contraseña: quien lo haga no somos nosotros.`,
};
