import type { Messages } from '../en/index.ts';

export const emailFooter: Messages['emailFooter'] = {
  reasons: {
    account: (sender) => `Recibió este correo porque esta dirección se usó para una cuenta en ${sender}.`,
    invitation: (sender) => `Recibió este correo porque ${sender} envió una invitación a esta dirección.`,
    record: (sender) => `Recibió este correo porque ${sender} tiene registrada esta dirección.`,
  },
  automated: 'Este es un mensaje automático. Nunca le pediremos su contraseña.',
};
