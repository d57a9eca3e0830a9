import type { Messages } from '../en/index.ts';

export const emailFooter: Messages['emailFooter'] = {
  signature: (sender) => `${sender}\n\nEste es un mensaje automático. Nunca le pediremos su contraseña.`,
};
