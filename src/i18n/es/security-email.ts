import type { Messages } from '../en/index.ts';

const deviceText = (device: string | undefined): string => device?.replace(' on ', ' en ') ?? 'desconocido';

export const securityEmails: Messages['security']['emails'] = {
  greeting: (name) => `Hola, ${name}:`,
  helpContacts: {
    patient: 'a su consultorio',
    staff: 'a su consultorio',
    developer: 'a quienes administran este servidor',
  },
  newBrowser: ({ device, at, address, forgot, whom }) => ({
    subject: 'Nuevo inicio de sesión en su cuenta',
    text: `Alguien inició sesión en su cuenta con un navegador que no se había usado antes para ella.

Cuándo: ${at}
Navegador: ${deviceText(device)}

Si fue usted, no tiene que hacer nada.

Si no fue usted:
1. Elija una contraseña nueva: ${forgot}
   Así se cierra la sesión en todos los navegadores.
2. Revise cómo se puede entrar en su cuenta: ${address}
3. Avise ${whom}.`,
  }),
  mfaResetLink: (link: string) => ({
    subject: 'Restablezca su inicio de sesión',
    text: `Su consultorio confirmó quién es usted. Con este enlace y su contraseña, puede iniciar sesión sin su aplicación de códigos ni su llave de acceso:

${link}

El enlace sirve una sola vez y vence después de un día. Cuando lo use, se quitarán la aplicación de códigos y las llaves de acceso anteriores. Agregue una nueva después.

Si no pidió este enlace, no lo abra. Avise de inmediato a su consultorio.`,
    button: { label: 'Restablecer el inicio de sesión', url: link },
  }),
  lostFactorLink: ({ hasPassword }) => ({
    subject: 'Su consultorio entregó un enlace para restablecer su inicio de sesión',
    text: `Su consultorio entregó un enlace para iniciar sesión en su cuenta sin la aplicación de códigos y sin las llaves de acceso.${hasPassword ? ' La contraseña sigue siendo necesaria.' : ''}

Si usted lo pidió, no tiene que hacer nada.

Si no lo pidió, avise de inmediato a su consultorio.`,
  }),
  lostPasswordLink: () => ({
    subject: 'Su consultorio entregó un enlace para una contraseña nueva',
    text: `Su consultorio entregó un enlace para elegir una contraseña nueva para su cuenta.

Si usted lo pidió, no tiene que hacer nada.

Si no lo pidió, avise de inmediato a su consultorio.`,
  }),
  forgotten: ({ username, link }) => ({
    subject: 'Su nombre de usuario y un enlace para una contraseña nueva',
    text: `Alguien, probablemente usted, dijo que olvidó el nombre de usuario o la contraseña de su cuenta.

Su nombre de usuario: ${username}

Para elegir una contraseña nueva, abra este enlace antes de una hora. El enlace sirve una sola vez:
${link}

Si sabe su contraseña, o no pidió esto, no tiene que hacer nada. Su cuenta no ha cambiado.`,
    button: { label: 'Elegir una contraseña nueva', url: link },
  }),
  changed: ({ what, at, device, forgot, whom }) => ({
    subject: 'Su cuenta cambió',
    text: `${what}

Cuándo: ${at}
Navegador: ${deviceText(device)}

Si fue usted, no tiene que hacer nada.

Si no fue usted, avise ${whom} y elija de inmediato una contraseña nueva:
${forgot}`,
    button: { label: 'Elegir una contraseña nueva', url: forgot },
  }),
  changes: {
    password: 'Se cambió la contraseña de su cuenta. Se cerró la sesión en los demás navegadores.',
    'passkey-added': 'Se agregó una llave de acceso a su cuenta. Con ella se puede iniciar sesión sin la contraseña.',
    'passkey-removed': 'Se quitó una llave de acceso de su cuenta.',
    'app-added': 'Se configuró una aplicación de códigos para su cuenta.',
    'app-removed': 'Se quitó la aplicación de códigos de su cuenta.',
    'codes-made': 'Se crearon códigos de recuperación nuevos para su cuenta. Los anteriores ya no sirven.',
    'code-used': 'Alguien inició sesión en su cuenta con un código de recuperación.',
    'factors-removed':
      'Se quitaron la aplicación de códigos, las llaves de acceso y los códigos de recuperación de su cuenta con el enlace de su consultorio.',
    'wrong-codes':
      'Alguien escribió bien su contraseña y después muchos códigos incorrectos. No pudo iniciar sesión. Si no fue usted, alguien sabe su contraseña.',
  },
  emailAsked: ({ email, whom }) => ({
    subject: 'Dirección de correo nueva para su cuenta',
    text: `Alguien nos pidió que desde ahora enviemos los correos sobre su cuenta a ${email}. Es probable que haya sido usted. La dirección cambia cuando esa persona abra el enlace que enviamos ahí.

Si no fue usted, elija de inmediato una contraseña nueva y avise ${whom}.`,
  }),
  confirmEmail: ({ link }) => ({
    subject: 'Confirme su dirección de correo',
    text: `Usted dio esta dirección de correo para su cuenta. Abra este enlace antes de 24 horas para confirmar que es suya. El enlace sirve una sola vez:
${link}

Si no lo hizo, no tiene que hacer nada. No usaremos la dirección.`,
    button: { label: 'Confirmar la dirección de correo', url: link },
  }),
  forgottenUnconfirmed: ({ link, forgot }) => ({
    subject: 'Primero confirme su dirección de correo',
    text: `Alguien, probablemente usted, olvidó el nombre de usuario o la contraseña de una cuenta con esta dirección de correo. La dirección aún no está confirmada, así que no podemos enviar un enlace para una contraseña nueva.

Primero, abra este enlace antes de 24 horas para confirmar que la dirección es suya. El enlace sirve una sola vez:
${link}

Después, pida otra vez una contraseña nueva:
${forgot}

Si no conoce esta cuenta, no tiene que hacer nada. No usaremos la dirección.`,
    button: { label: 'Confirmar la dirección de correo', url: link },
  }),
  emailTaken: () => ({
    subject: 'Esta dirección ya pertenece a una cuenta',
    text: `Alguien intentó usar esta dirección de correo para otra cuenta. La dirección pertenece a su cuenta, y no cambió nada.

Si fue usted, primero cambie la dirección de esta cuenta.`,
  }),
  emailConfirmed: ({ email, whom }) => ({
    subject: 'Su dirección de correo está confirmada',
    text: `De ahora en adelante le escribiremos a ${email} sobre su cuenta.

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  emailChanged: ({ email, whom }) => ({
    subject: 'La dirección de correo de su cuenta cambió',
    text: `De ahora en adelante enviaremos los correos sobre su cuenta a ${email}.

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  closed: ({ at, whom, record }) => ({
    subject: 'Su cuenta está cerrada',
    text: `Su cuenta se cerró el ${at}.${record ? ' Las aplicaciones ya no pueden leer un expediente médico por medio de ella. Su consultorio conserva su expediente médico.' : ''}

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  accessJoined: ({ record, practice, phone, at }) => ({
    subject: 'Su acceso a un expediente médico terminó',
    text: `${practice} tenía dos expedientes del mismo paciente y los unió. El expediente de ${record} que su cuenta podía abrir ahora es parte del otro. Su acceso terminó. También lo perdieron las aplicaciones a las que usted permitió leerlo.

Cuándo: ${at}

Usted no hizo nada mal. Si debe ver el expediente unido, pida al consultorio que le envíe una invitación: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessApart: ({ record, practice, phone, at }) => ({
    subject: 'Su acceso a un expediente médico terminó',
    text: `${practice} había unido dos expedientes, y después descubrió que son de dos pacientes. Su cuenta recibió acceso durante ese tiempo, así que no está claro qué expediente debe ver usted. Su acceso al expediente de ${record} terminó. También lo perdieron las aplicaciones a las que usted permitió leerlo.

Cuándo: ${at}

Usted no hizo nada mal. Para volver a tener acceso, pida al consultorio que le envíe una invitación: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessAgain: ({ record, practice, phone, at }) => ({
    subject: 'Ya puede abrir de nuevo un expediente médico',
    text: `${practice} había unido el expediente de ${record} con otro, y ahora los separó. Su cuenta puede abrirlo como antes. Las aplicaciones a las que usted permitía leerlo tienen que pedirle permiso primero.

Cuándo: ${at}

Si tiene preguntas, hable con el consultorio: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
};
