import { html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

export const signIn: Messages['signIn'] = {
  title: terms.signIn,
  fromAppHtml: (app) =>
    html`<b>${app}</b> le envió aquí. Esa aplicación no puede ver ningún dato suyo si usted no lo acepta en la página siguiente.`,
  username: 'Nombre de usuario o correo electrónico',
  password: 'Contraseña',
  button: terms.signIn,
  passkeyButton: 'Usar una llave de acceso',
  passkeyHint: 'Su huella, su rostro o el PIN de su dispositivo.',
  orPassword: 'O use su contraseña',
  passkeyFailed:
    'La llave de acceso no funcionó, o usted la canceló. Inténtelo otra vez o inicie sesión de otra forma.',
  forgot: '¿Olvidó su nombre de usuario o su contraseña?',
  firstTime: '¿Es su primera vez aquí?',
  enroll: 'Use la carta o el código de su consultorio',
  sandbox: {
    title: '¿Quiere probarlo?',
    textHtml: html`Las personas del entorno de prueba son ficticias. La contraseña de cada cuenta es <code>Password1!</code>`,
    patient: 'Una paciente',
    guardian: 'Una madre, con su propio expediente y los de sus dos hijos',
    staff: 'Una doctora, que abre aplicaciones para pacientes',
    desk: 'Una recepcionista, que inscribe a los pacientes',
    developer: 'Una desarrolladora, con aplicaciones ficticias',
    administrator: 'Una administradora, que revisa aplicaciones ficticias',
  },
  signedOut: {
    title: 'Se cerró su sesión',
    text: 'Puede cerrar esta página.',
    ofPatient:
      'Puede cerrar esta página. Las aplicaciones conservan el acceso que usted les dio, excepto las que permitió solo mientras su sesión estaba abierta.',
    again: 'Iniciar sesión otra vez',
  },
  errors: {
    wrong: 'El nombre de usuario o la contraseña no son correctos. Revise los dos e inténtelo otra vez.',
    locked: 'Esta cuenta está bloqueada. Pida a su consultorio que la desbloquee.',
    tooMany: (minutes) =>
      `Hubo demasiadas contraseñas incorrectas desde su red. Espere ${counts.minutes(minutes)} e inténtelo otra vez.`,
    busy: 'En este momento hay demasiadas personas iniciando sesión. Inténtelo otra vez en unos segundos.',
    expired: 'Pasó mucho tiempo desde que abrió esta página, o su navegador no acepta cookies. Inténtelo otra vez.',
    passkey: 'No se aceptó esa llave de acceso. Inténtelo otra vez o inicie sesión de otra forma.',
    code: 'Ese código no es correcto. Escriba los seis números que la aplicación muestra ahora. Si vuelve a pasar, ponga la hora de su teléfono en automático.',
    tooManyWrongCodes:
      'Hubo demasiados códigos incorrectos. Inicie sesión otra vez y escriba el código que la aplicación muestra ahora.',
    codeUsed: 'Ese código ya se usó. Espere a que la aplicación muestre el siguiente.',
    recoveryCode: 'Ese no es uno de sus códigos de recuperación, o ya se usó.',
    tooManyCodes: (minutes) =>
      `Hubo muchos códigos incorrectos para esta cuenta. Espere ${counts.minutes(minutes)}, o use una llave de acceso o un código de recuperación.`,
    tooManyCodesForLong:
      'Hubo muchos códigos incorrectos para esta cuenta. Elija una contraseña nueva: en la página de inicio de sesión, toque «¿Olvidó su nombre de usuario o su contraseña?». También puede usar una llave de acceso o un código de recuperación. Si nada de esto funciona, hable con su consultorio.',
    currentPassword: 'Esa contraseña no es correcta. Revísela e inténtelo otra vez.',
    email: 'Escriba una dirección de correo electrónico, como nombre@ejemplo.com',
    sameEmail: 'Esa es su dirección actual. Escriba la nueva.',
    tooManyEmails: (minutes) =>
      `Ya enviamos muchos correos a direcciones nuevas. Espere ${counts.minutes(minutes)} e inténtelo otra vez.`,
    noChoice: 'Elija una opción.',
  },
  passwordErrors: {
    'too-short': (least) => `La contraseña debe tener al menos ${least} caracteres. Bastan tres o cuatro palabras.`,
    'too-long': (most) => `La contraseña puede tener ${most} caracteres como máximo.`,
    common:
      'Esa contraseña es demasiado fácil de adivinar. Elija otra, como tres o cuatro palabras sin relación entre sí.',
    'own-name': 'Esa contraseña contiene su nombre o su dirección, que otras personas pueden conocer. Elija otra.',
  },
  newPassword: 'Contraseña nueva',
  newPasswordHint: (least) =>
    `Use al menos ${least} caracteres. Tres o cuatro palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.`,
  secondFactor: {
    title: 'Escriba el código de su aplicación',
    lead: 'Su cuenta tiene un segundo paso. Abra la aplicación de códigos en su teléfono.',
    code: 'Código de seis números',
    hint: 'Cambia cada 30 segundos.',
    button: terms.continue,
    passkeyTitle: 'Confirme con su llave de acceso',
    passkeyLead: 'Su cuenta tiene un segundo paso: su llave de acceso.',
    noScript:
      'Las llaves de acceso necesitan JavaScript, que está desactivado. Actívelo y vuelva a cargar la página, o use un código de recuperación.',
    recovery: 'Usar un código de recuperación',
    nothingLeft: 'No puedo usar nada de esto',
    nothingLeftText:
      'Hable con su consultorio. Cuando confirmen quién es usted, le darán un enlace para restablecer su inicio de sesión.',
    cancel: 'Cancelar y cerrar sesión',
  },
  recoveryCode: {
    title: 'Escriba un código de recuperación',
    lead: 'Recibió diez códigos de recuperación cuando configuró el segundo paso. Cada código sirve una vez.',
    code: 'Código de recuperación',
    hint: 'Por ejemplo: 7fk2m-9xqpd. Puede usar mayúsculas o minúsculas, con guion o sin él.',
    button: terms.continue,
    back: 'Volver a las otras formas de iniciar sesión',
  },
  setUp: {
    title: 'Agregue un segundo paso',
    lead: 'El personal necesita más que una contraseña para iniciar sesión. Elija su segundo paso.',
    passkey: 'Una llave de acceso',
    passkeyHint:
      'Su huella, su rostro o el PIN de este dispositivo, o una llave de seguridad. Es la forma más rápida y más segura.',
    app: 'Una aplicación de códigos',
    appHint: 'Una aplicación en su teléfono que muestra un código nuevo cada 30 segundos.',
    button: terms.continue,
  },
  forgotten: {
    title: '¿Olvidó su nombre de usuario o su contraseña?',
    lead: 'Escriba la dirección de correo electrónico de su cuenta. Le enviaremos su nombre de usuario y un enlace para elegir una contraseña nueva.',
    email: terms.emailAddress,
    button: 'Enviar correo',
    noAddress:
      '¿Su cuenta no tiene dirección de correo, o usted ya no puede entrar en ese correo? Hable con su consultorio. Cuando confirmen quién es usted, le darán un enlace para elegir una contraseña nueva.',
    sentTitle: 'Revise su correo',
    sent: 'Si hay una cuenta con esa dirección, le enviamos un correo.',
    sentMore: [
      'Puede tardar unos minutos. Revise también la carpeta de correo no deseado.',
      'El enlace sirve una sola vez y vence después de una hora. Si lo pide otra vez, solo funciona el enlace del correo más reciente.',
    ],
    unconfirmed:
      '¿Nos dio esta dirección hace menos de 7 días y aún no la ha confirmado? Entonces el correo trae un enlace para confirmarla. Ábralo y después pida otra vez una contraseña nueva.',
    nothing:
      '¿No le llegó ningún correo? Pruebe con otra dirección o hable con su consultorio. Si nunca confirmó su dirección y todavía puede iniciar sesión, puede pedir un enlace nuevo en la página de su cuenta.',
  },
  reset: {
    title: 'Elija una contraseña nueva',
    forWhom: (username) => `Para la cuenta con el nombre de usuario ${username}.`,
    lead: 'Se cerrará su sesión en todos los dispositivos. Si su cuenta tiene un segundo paso, no cambia.',
    button: 'Guardar la contraseña nueva',
    doneTitle: 'Su contraseña cambió',
    done: 'Se cerró su sesión en todos los dispositivos. Inicie sesión con la contraseña nueva.',
    signIn: terms.signIn,
  },
  expiredLink: {
    title: 'Este enlace ya no funciona',
    text: 'Ya se usó, venció o se envió uno más reciente.',
    again: 'Pedir otro correo',
    practice: 'Si su consultorio le dio el enlace, pídale uno nuevo.',
  },
  resetMfa: {
    title: 'Restablezca su inicio de sesión',
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
    nothing: 'nada (su cuenta no tiene ahora un segundo paso)',
    password: 'Su contraseña',
    noPassword: 'Su cuenta todavía no tiene contraseña. Elija una ahora. De aquí en adelante iniciará sesión con ella.',
    button: 'Quitar y continuar',
  },
  confirmEmail: {
    title: '¿Es esta su dirección de correo?',
    lead: (email) => `Le escribiremos a ${email} sobre su cuenta.`,
    button: 'Sí, usar esta dirección',
    doneTitle: 'Su dirección de correo cambió',
    firstTitle: 'Su dirección de correo está confirmada',
    done: (email) => `De ahora en adelante le escribiremos a ${email} sobre su cuenta.`,
    accountLink: 'Ir a su cuenta',
  },
};
