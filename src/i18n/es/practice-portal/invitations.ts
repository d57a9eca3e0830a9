import type { Messages } from '../../en/index.ts';

export const invitations: Messages['practicePortal']['invitations'] = {
  unsent:
    'La invitación se creó pero no se envió, porque el correo no está configurado en este servidor. Un administrador de la instalación puede copiar el enlace de la bandeja de salida y entregarlo.',
  email: {
    button: 'Configurar su cuenta',
    subject: (sender) => `Su invitación a ${sender}`,
    text: ({ sender, name, link, until }) =>
      `Hola, ${name}:

${sender} le invitó a sus páginas para el personal sobre el acceso de los pacientes. Abra este enlace para elegir su nombre de usuario y su contraseña:

${link}

El enlace sirve una sola vez y vence el ${until}. También necesita una llave de acceso o una aplicación de códigos. La página le ayuda a configurarla.

Si usted no trabaja con ${sender}, ignore este correo.`,
  },
};
