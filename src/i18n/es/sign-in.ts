import { html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

export const signIn: Messages['signIn'] = {
  title: terms.signIn,
  fromAppHtml: (app) =>
    html`<b>${app}</b> le envió aquí. No se comparte nada con esa aplicación hasta que usted lo diga en la página siguiente.`,
  username: 'Nombre de usuario o correo electrónico',
  password: 'Contraseña',
  button: terms.signIn,
  passkeyButton: 'Usar una llave de acceso',
  passkeyHint: 'Su huella, su rostro o el PIN de su dispositivo.',
  orPassword: 'O con su contraseña',
  passkeyFailed: 'No funcionó, o se detuvo. Inténtelo otra vez o use otra forma.',
  forgot: '¿Olvidó su nombre de usuario o su contraseña?',
  firstTime: '¿Es su primera vez aquí?',
  enroll: 'Use la carta o el código de su consultorio',
  sandbox: {
    title: '¿Quiere probarlo?',
    textHtml: html`Las personas de esta prueba son inventadas. La contraseña de cada una es <code>Password1!</code>`,
    patient: 'Una paciente',
    guardian: 'Una madre, con su propio expediente y los de sus dos hijos',
    staff: 'Una doctora, que abre aplicaciones para pacientes',
    desk: 'Alguien de la recepción, que inscribe a los pacientes',
  },
  signedOut: {
    title: 'Se cerró su sesión',
    text: 'Puede cerrar esta página. Las aplicaciones conservan el acceso que usted les dio, salvo las que lo tenían solo mientras su sesión estaba abierta.',
    again: 'Iniciar sesión otra vez',
  },
  errors: {
    wrong: 'Ese nombre de usuario y esa contraseña no van juntos. Revise los dos e inténtelo otra vez.',
    locked: 'Esta cuenta está bloqueada. Pida a su consultorio que la desbloquee.',
    tooMany: (minutes) =>
      `Hubo demasiadas contraseñas incorrectas desde aquí. Espere ${counts.minutes(minutes)} e inténtelo otra vez.`,
    busy: 'En este momento hay demasiadas personas iniciando sesión. Inténtelo otra vez en unos segundos.',
    expired: 'Esta página estuvo abierta demasiado tiempo, o las cookies están desactivadas. Inténtelo otra vez.',
    passkey: 'No se aceptó esa llave de acceso. Inténtelo otra vez o use otra forma.',
    code: 'Ese código no es correcto. Escriba los seis números que la aplicación muestra ahora. Si nunca es correcto, deje que su teléfono ajuste la hora automáticamente.',
    tooManyWrongCodes:
      'Hubo demasiados códigos incorrectos. Inicie sesión otra vez y escriba el código que la aplicación muestra ahora.',
    codeUsed: 'Ese código ya se usó. Espere a que la aplicación muestre el siguiente.',
    recoveryCode: 'Ese no es uno de sus códigos de recuperación, o ya se usó.',
    tooManyCodes: (minutes) =>
      `Hubo demasiados códigos incorrectos para esta cuenta. Espere ${counts.minutes(minutes)}, o use una llave de acceso o un código de recuperación.`,
    tooManyCodesForLong:
      'Hubo demasiados códigos incorrectos para esta cuenta. Elija una contraseña nueva: en la página de inicio de sesión, toque «¿Olvidó…?». También puede usar una llave de acceso o un código de recuperación. Si no puede, pregunte a su consultorio.',
    currentPassword: 'Esa no es su contraseña. Revísela e inténtelo otra vez.',
    email: 'Escriba una dirección de correo electrónico, como nombre@ejemplo.com',
    sameEmail: 'Esa es la dirección que tiene ahora. Escriba la nueva.',
    tooManyEmails: (minutes) =>
      `Hubo demasiados correos a direcciones nuevas. Espere ${counts.minutes(minutes)} e inténtelo otra vez.`,
    noChoice: 'Elija una de las opciones.',
  },
  passwordErrors: {
    'too-short': (least) => `La contraseña debe tener al menos ${least} caracteres. Bastan tres o cuatro palabras.`,
    'too-long': (most) => `La contraseña debe tener como máximo ${most} caracteres.`,
    common:
      'Esa contraseña es de las primeras que cualquiera probaría. Elija otra: tres o cuatro palabras que no tengan relación entre sí.',
    'own-name': 'Esa contraseña está hecha con su nombre o su dirección, que otras personas conocen. Elija otra.',
  },
  newPassword: 'Contraseña nueva',
  newPasswordHint: (least) =>
    `Al menos ${least} caracteres. Tres o cuatro palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.`,
  secondFactor: {
    title: 'Escriba el código de su aplicación',
    lead: 'Su cuenta tiene un segundo paso. Abra la aplicación de códigos en su teléfono.',
    code: 'Código de seis números',
    hint: 'Cambia cada 30 segundos.',
    button: terms.continue,
    passkeyTitle: 'Confirme con su llave de acceso',
    passkeyLead: 'Su cuenta tiene un segundo paso: la llave de acceso que usted creó.',
    noScript:
      'Las llaves de acceso necesitan JavaScript, que aquí está desactivado. Actívelo y abra la página otra vez, o use un código de recuperación.',
    recovery: 'Usar un código de recuperación',
    nothingLeft: 'No tengo nada de esto',
    nothingLeftText:
      'Hable con su consultorio. Cuando confirmen que es usted, le darán un enlace para configurar su cuenta de nuevo.',
    cancel: 'Cancelar y cerrar sesión',
  },
  recoveryCode: {
    title: 'Escriba un código de recuperación',
    lead: 'Recibió diez códigos cuando configuró el segundo paso. Cada uno sirve una vez.',
    code: 'Código de recuperación',
    hint: 'Por ejemplo 7fk2m-9xqpd. En mayúsculas o minúsculas, con guion o sin él.',
    button: terms.continue,
    back: 'Volver a las otras formas',
  },
  setUp: {
    title: 'Agregue un segundo paso',
    lead: 'Quienes trabajan aquí no inician sesión solo con una contraseña. Elija qué quiere usar además.',
    passkey: 'Una llave de acceso',
    passkeyHint:
      'Su huella, su rostro o el PIN de este dispositivo, o una llave de seguridad. Lo más rápido y lo más seguro.',
    app: 'Una aplicación de códigos',
    appHint: 'Una aplicación en su teléfono que muestra un código nuevo cada 30 segundos.',
    button: terms.continue,
  },
  forgotten: {
    title: '¿Olvidó su nombre de usuario o su contraseña?',
    lead: 'Escriba la dirección de correo electrónico de su cuenta. Le enviaremos su nombre de usuario y un enlace para elegir una contraseña nueva.',
    email: terms.emailAddress,
    button: 'Envíenme un correo',
    noAddress:
      'Si su cuenta no tiene dirección de correo, o ya no puede leer ese correo, acuda a su consultorio. Cuando comprueben que es usted, le dan un enlace para elegir una nueva contraseña.',
    sentTitle: 'Revise su correo',
    sent: 'Si una cuenta tiene esa dirección, hay un correo en camino.',
    sentMore: [
      'Puede tardar unos minutos. Revise también la carpeta de correo no deseado.',
      'El enlace sirve una vez, durante una hora. Si lo pide otra vez, solo cuenta el correo más reciente.',
    ],
    unconfirmed:
      'Si nos dio esta dirección hace menos de 7 días y aún no la ha confirmado, el correo trae un enlace para confirmarla. Ábralo y después pida otra vez una contraseña nueva.',
    nothing:
      '¿No le llegó ningún correo? Pruebe con otra dirección o hable con su consultorio. Si nunca confirmó su dirección y todavía puede iniciar sesión, desde la página de su cuenta puede pedir un enlace nuevo.',
  },
  reset: {
    title: 'Elija una contraseña nueva',
    forWhom: (username) => `Para la cuenta con el nombre de usuario ${username}.`,
    lead: 'Se cerrará su sesión en todas partes. Si su cuenta tiene un segundo paso, se queda como está.',
    button: 'Guardar la contraseña nueva',
    doneTitle: 'Su contraseña cambió',
    done: 'Se cerró su sesión en todas partes. Inicie sesión con la contraseña nueva.',
    signIn: terms.signIn,
  },
  expiredLink: {
    title: 'Este enlace ya no se puede usar',
    text: 'Ya se usó, es demasiado antiguo o se envió uno más reciente.',
    again: 'Pedir otro correo',
    practice: 'Si se lo dio su consultorio, pídales uno nuevo.',
  },
  resetMfa: {
    title: 'Configure su cuenta de nuevo',
    lead: 'Su consultorio le dio este enlace porque usted perdió lo que usaba para iniciar sesión.',
    removed: 'Si continúa, esto dejará de funcionar:',
    app: 'su aplicación de códigos',
    passkeys: (count) =>
      plural(count, {
        one: 'su llave de acceso',
        many: `su ${formatNumber(count)} de llaves de acceso`,
        other: `sus ${formatNumber(count)} llaves de acceso`,
      }),
    codes: 'sus códigos de recuperación',
    nothing: 'nada: su cuenta no tiene ahora un segundo paso',
    password: 'Su contraseña',
    noPassword: 'Su cuenta todavía no tiene contraseña. Elija una ahora: con ella iniciará sesión de aquí en adelante.',
    button: 'Quitarlos y continuar',
  },
  confirmEmail: {
    title: '¿Es esta su dirección de correo?',
    lead: (email) => `El correo sobre su cuenta llegará a ${email}.`,
    button: 'Sí, usar esta dirección',
    doneTitle: 'Su dirección de correo cambió',
    firstTitle: 'Su dirección de correo está confirmada',
    done: (email) => `El correo sobre su cuenta llegará a ${email} de aquí en adelante.`,
    accountLink: 'Ir a su cuenta',
  },
};
