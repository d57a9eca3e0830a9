import type { Messages } from '../en/index.ts';

const deviceText = (device: string | undefined): string => device?.replace(' on ', ' en ') ?? 'no se sabe';

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
   Con eso se cierra la sesión en todos los navegadores.
2. Después revise qué más puede abrir su cuenta: ${address}
3. Avise ${whom}.`,
  }),
  mfaResetLink: (link: string) => ({
    subject: 'Cómo volver a entrar en su cuenta',
    text: `Su consultorio comprobó quién es usted. Con este enlace y su contraseña puede entrar sin su aplicación de códigos ni su llave de acceso:

${link}

Funciona una sola vez, durante un día. Quita la aplicación de códigos y las llaves de acceso anteriores: agregue una nueva después.

Si usted no lo pidió, no lo abra y avise enseguida a su consultorio.`,
  }),
  lostFactorLink: ({ hasPassword }) => ({
    subject: 'Se entregó una forma de volver a entrar en su cuenta',
    text: `Su consultorio entregó un enlace que permite entrar en su cuenta sin la aplicación de códigos y sin las llaves de acceso.${hasPassword ? ' Quien lo use también tiene que saber su contraseña.' : ''}

Si usted lo pidió, no tiene que hacer nada.

Si no lo pidió, avise de inmediato a su consultorio.`,
  }),
  lostPasswordLink: () => ({
    subject: 'Se dio un enlace para una nueva contraseña',
    text: `Su consultorio dio un enlace con el que se puede elegir una nueva contraseña para su cuenta.

Si usted lo pidió, no tiene que hacer nada.

Si no lo pidió, avise de inmediato a su consultorio.`,
  }),
  forgotten: ({ username, link }) => ({
    subject: 'Su nombre de usuario y una contraseña nueva',
    text: `Alguien, lo más probable usted, dijo que olvidó el nombre de usuario o la contraseña de su cuenta.

Su nombre de usuario: ${username}

Para elegir una contraseña nueva, abra este enlace durante la próxima hora. Sirve una vez:
${link}

Si sabe su contraseña, o no pidió esto, no tiene que hacer nada: su cuenta sigue como estaba.`,
  }),
  changed: ({ what, at, device, forgot, whom }) => ({
    subject: 'Su cuenta cambió',
    text: `${what}

Cuándo: ${at}
Navegador: ${deviceText(device)}

Si fue usted, no tiene que hacer nada.

Si no fue usted, elija de inmediato una contraseña nueva y avise ${whom}:
${forgot}`,
  }),
  changes: {
    password: 'Se cambió la contraseña de su cuenta. Se cerró la sesión en los demás navegadores.',
    'passkey-added': 'Se agregó una llave de acceso a su cuenta: permite entrar sin la contraseña.',
    'passkey-removed': 'Se quitó una llave de acceso de su cuenta.',
    'app-added': 'Se configuró una aplicación de códigos para su cuenta.',
    'app-removed': 'Se quitó la aplicación de códigos de su cuenta.',
    'codes-made': 'Se crearon códigos de recuperación nuevos para su cuenta. Los anteriores ya no sirven.',
    'code-used': 'Alguien entró en su cuenta con un código de recuperación.',
    'factors-removed':
      'Se quitaron la aplicación de códigos, las llaves de acceso y los códigos de recuperación de su cuenta, con el enlace de su consultorio.',
    'wrong-codes':
      'Alguien escribió bien su contraseña y después códigos incorrectos, una y otra vez. No se le dejó entrar. Si no fue usted, alguien sabe su contraseña.',
  },
  emailAsked: ({ email, whom }) => ({
    subject: 'Se dio una dirección de correo nueva para su cuenta',
    text: `Alguien, lo más probable usted, quiere que el correo sobre su cuenta llegue a ${email} de aquí en adelante. Cambiará cuando abra el enlace que enviamos allá.

Si no fue usted, elija de inmediato una contraseña nueva y avise ${whom}.`,
  }),
  confirmEmail: ({ link }) => ({
    subject: 'Confirme su dirección de correo',
    text: `Usted dio esta dirección de correo para su cuenta. Abra este enlace en las próximas 24 horas para confirmar que es suya. Sirve una vez:
${link}

Si no lo hizo, no tiene que hacer nada: la dirección no se usará.`,
  }),
  forgottenUnconfirmed: ({ link, forgot }) => ({
    subject: 'Primero confirme su dirección de correo',
    text: `Alguien, seguramente usted, olvidó el nombre de usuario o la contraseña de una cuenta con esta dirección de correo. La dirección aún no está confirmada, así que no podemos enviar un enlace para una contraseña nueva.

Primero, abra este enlace en las próximas 24 horas para confirmar que la dirección es suya. Sirve una sola vez:
${link}

Después, pida otra vez una contraseña nueva:
${forgot}

Si no conoce esta cuenta, no tiene que hacer nada. La dirección no se usará.`,
  }),
  emailTaken: () => ({
    subject: 'Esta dirección ya pertenece a una cuenta',
    text: `Alguien quiso usar esta dirección de correo para otra cuenta. Pertenece a la suya, y no cambió nada.

Si fue usted, primero cambie la dirección de esta cuenta.`,
  }),
  emailConfirmed: ({ email, whom }) => ({
    subject: 'Su dirección de correo está confirmada',
    text: `De ahora en adelante le escribiremos a ${email} sobre su cuenta.

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  emailChanged: ({ email, whom }) => ({
    subject: 'La dirección de correo de su cuenta cambió',
    text: `El correo sobre su cuenta llega a ${email} de aquí en adelante.

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  closed: ({ at, whom, record }) => ({
    subject: 'Su cuenta está cerrada',
    text: `Su cuenta se cerró el ${at}.${record ? ' Ninguna aplicación tiene ya acceso a un expediente de salud por medio de ella. Su consultorio conserva su expediente de salud.' : ''}

Si no fue usted, avise de inmediato ${whom}.`,
  }),
  accessJoined: ({ record, practice, phone, at }) => ({
    subject: 'Su acceso a un expediente de salud terminó',
    text: `${practice} tenía dos expedientes de una misma persona e hizo de ellos uno solo. El expediente de ${record} que su cuenta podía abrir ahora es parte del otro. Con eso terminó su acceso, y el de las aplicaciones a las que usted permitió leerlo.

Cuándo: ${at}

Usted no hizo nada mal. Si debe ver el expediente que queda, pida al consultorio que le envíe una invitación: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessApart: ({ record, practice, phone, at }) => ({
    subject: 'Su acceso a un expediente de salud terminó',
    text: `${practice} había hecho de dos expedientes uno solo y descubrió que son de dos personas. Su cuenta recibió acceso durante ese tiempo, así que no es seguro qué expediente debía ver usted. Terminó su acceso al expediente de ${record}, y el de las aplicaciones a las que usted permitió leerlo.

Cuándo: ${at}

Usted no hizo nada mal. Para volver a tener acceso, pida al consultorio que le envíe una invitación: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessAgain: ({ record, practice, phone, at }) => ({
    subject: 'Puede abrir de nuevo un expediente de salud',
    text: `${practice} había hecho del expediente de ${record} una parte de otro, y los separó de nuevo. Su cuenta puede abrirlo como antes. Las aplicaciones a las que usted permitía leerlo primero tienen que preguntarle.

Cuándo: ${at}

Si tiene preguntas, diríjase al consultorio: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
};
