import type { Messages } from '../../en/index.ts';

export const invitations: Messages['practicePortal']['invitations'] = {
  sent: 'Se envió la invitación.',
  unsent:
    'La invitación se creó pero no se envió, porque el correo no está configurado en este servidor. Un administrador de la instalación puede copiar el enlace de la bandeja de salida y entregarlo.',
  cancelPage: {
    title: (name) => `¿Cancelar la invitación de ${name}?`,
    emailed: (email) => `El enlace del correo enviado a ${email} deja de funcionar de inmediato.`,
    link: 'El enlace que usted recibió para compartirlo deja de funcionar de inmediato.',
    effect: (name, sender) => `${name} no podrá unirse a ${sender} con ese enlace.`,
    again: 'Puede enviar una nueva invitación más adelante. Tendrá un enlace nuevo.',
    button: 'Cancelar la invitación',
    keep: 'Conservar la invitación',
  },
  canceled: 'Se canceló la invitación. Su enlace ya no funciona.',
  canceledOf: (name) => `Se canceló la invitación de ${name}. Su enlace ya no funciona.`,
  undo: 'Deshacer',
  undoOf: (name) => `Deshacer: invitar de nuevo a ${name}`,
  undoEmails: (email) => `Si fue un error, deshágalo. Enviaremos un enlace nuevo por correo a ${email}.`,
  undoShows: 'Si fue un error, deshágalo. Usted recibirá un enlace nuevo para compartirlo.',
  notUndone: 'Esto ya no se puede deshacer. Cree una nueva invitación.',
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
