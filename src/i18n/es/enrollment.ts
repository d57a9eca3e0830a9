import type { Messages } from '../en/index.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

const call = (practice: string, phone: string | undefined): string =>
  phone === undefined ? `llame a ${practice}` : `llame a ${practice} al ${phone}`;

export const enrollment: Messages['enrollment'] = {
  emailToPatient: {
    subject: (practice) => `${practice} le invita a ver su expediente médico`,
    text: ({ practice, patient, link, until, phone }) =>
      `Hola:

${practice} le invita a usted (${patient}) a crear una cuenta. Con ella puede ver su expediente médico en línea y permitir que lo lean las aplicaciones que usted elija.

Abra esta página para empezar:
${link}

El enlace funciona una sola vez, hasta el ${until}. Por favor, no lo comparta.

Va a necesitar su fecha de nacimiento, su código postal (ZIP) y un código de seis números. ${practice} le da ese código por otro medio. Si todavía no lo tiene, ${call(practice, phone)}.

¿No sabe por qué recibió este correo? Entonces no es para usted. Puede decirlo en la página o borrar este correo.`,
  },
  emailToRepresentative: {
    subject: (practice) => `${practice} le invita a ver el expediente médico de una persona a su cuidado`,
    text: ({ practice, patient, link, until, phone }) =>
      `Hola:

${practice} le invita a ver en línea el expediente médico de ${patient}, porque usted actúa en nombre de este paciente.

Abra esta página para empezar:
${link}

El enlace funciona una sola vez, hasta el ${until}. Por favor, no lo comparta.

Va a necesitar la fecha de nacimiento y el código postal (ZIP) del paciente, y un código de seis números. ${practice} le da ese código por otro medio. Si todavía no lo tiene, ${call(practice, phone)}.

Si ya tiene una cuenta, puede agregar el expediente a ella.

¿No sabe por qué recibió este correo? Entonces no es para usted. Puede decirlo en la página o borrar este correo.`,
  },
  emailWithCode: {
    subject: (practice) => `Su código de seis números de ${practice}`,
    text: ({ practice, patient, code, until, phone }) =>
      `Hola:

El código para crear la cuenta de ${patient} es:

${code}

Sirve hasta el ${until}. Escríbalo en la página de su invitación, que le llegó en otro correo o en una carta.

Nadie le va a llamar para pedirle este código. Si no sabe para qué es, ${call(practice, phone)}.`,
  },
  letter: {
    title: (practice) => `Vea su expediente médico: una invitación de ${practice}`,
    dear: (name) => `Hola, ${name}:`,
    toPatient: (practice) =>
      `${practice} le invita a crear una cuenta. Con ella puede ver su expediente médico en línea y permitir que lo lean las aplicaciones que usted elija. No cuesta nada, y su atención es la misma sin ella.`,
    toRepresentative: (practice, patient) =>
      `${practice} le invita a ver en línea el expediente médico de ${patient}, porque usted actúa en nombre de este paciente. No cuesta nada, y la atención es la misma sin la cuenta.`,
    open: 'Abra esta dirección en su navegador:',
    scan: 'O apunte la cámara de su teléfono al código cuadrado.',
    qr: 'Código cuadrado que abre la dirección de esta invitación',
    typeCode: 'Escriba este código:',
    questionsOfPatient: 'Responda dos preguntas: su fecha de nacimiento y su código postal (ZIP).',
    questionsOfRepresentative: (patient) =>
      `Responda dos preguntas: la fecha de nacimiento y el código postal (ZIP) de ${patient}.`,
    secondCode: (practice, phone) =>
      `Escriba un segundo código, de seis números. No está en esta carta, para que nadie más pueda usarlo: se lo damos en persona o por teléfono. Si todavía no lo tiene, ${call(practice, phone)}.`,
    until: (day) => `El código de esta carta funciona una sola vez, hasta el ${day}.`,
    otherwise: (practice, phone) =>
      `¿No quiere una cuenta, o esta carta no es para usted? Díganoslo (${call(practice, phone)}) o tírela. Nadie de ${practice} le pedirá nunca estos códigos.`,
  },
  letterCode: {
    title: 'Escriba el código de su carta',
    label: 'Código',
    hint: 'Se ve así: ABCD-EFGH-JKMN-PQRS. Da igual si usa mayúsculas o minúsculas.',
    button: terms.continue,
    byMail: '¿Le invitaron por correo electrónico? Entonces abra el enlace de ese correo.',
    empty: 'Escriba el código de su carta.',
    length: (typed, wanted) =>
      `El código tiene ${wanted} letras y números, y usted escribió ${typed}. Compárelo con su carta.`,
    unreadable: 'El código solo tiene letras de la A a la Z y números. Compárelo con su carta.',
  },
  intro: {
    title: 'Vea su expediente médico en línea',
    titleForOther: 'Vea el expediente médico de una persona a su cuidado',
    forPatient: (practice, name, year) =>
      `${practice} invita a ${name}, con año de nacimiento ${year}, a crear una cuenta.`,
    forOther: (practice, name, patient, year) =>
      `${practice} invita a ${name} a ver el expediente médico de ${patient}, con año de nacimiento ${year}.`,
    next: 'Qué sigue ahora',
    steps: (practice) => [
      `Usted demuestra que la invitación es suya: con una fecha de nacimiento, un código postal (ZIP) y un código de seis números que ${practice} le da en persona, por teléfono o en otro correo electrónico.`,
      'Elige un nombre de usuario y una contraseña o una llave de acceso.',
      'Ve el expediente médico. Ninguna aplicación lo recibe si usted no lo permite.',
    ],
    until: (day) => `Esta invitación sirve hasta el ${day}.`,
    start: 'Empezar',
    haveAccount: 'Ya tengo una cuenta',
    dontWant: 'No quiero esto, o no es para mí',
  },
  identityProofing: {
    title: 'Demuestre que es usted',
    titleForOther: 'Demuestre que la invitación es para usted',
    birthDate: 'Su fecha de nacimiento',
    birthDateOfPatient: 'La fecha de nacimiento del paciente',
    birthDateHint: 'Por ejemplo: día 4, mes 7, año 1974',
    month: 'Mes',
    day: 'Día',
    year: 'Año',
    zip: 'Su código postal (ZIP)',
    zipOfPatient: 'El código postal (ZIP) del paciente',
    zipHint: (practice) =>
      `Cinco números, del domicilio que tiene ${practice}. Si usted se mudó, puede ser todavía el anterior.`,
    code: 'Código de seis números',
    codeHint: {
      'in-person': (practice) => `El código que le dieron en ${practice}`,
      phone: (practice) => `El código que ${practice} le dio por teléfono`,
      contact: (practice) => `El código que ${practice} envió a otra de sus direcciones de correo electrónico`,
    },
    noCode: (practice, phone) => `¿No tiene un código? Entonces ${call(practice, phone)}.`,
    button: terms.continue,
    unreadable: {
      'birth-date': 'Escriba una fecha de nacimiento con día, mes y año, cada uno como número.',
      zip: 'Escriba un código postal (ZIP) de cinco números.',
      code: 'Escriba el código: seis números y nada más.',
    },
    wrong: (left) =>
      `Lo que escribió no coincide con nuestros datos. Revise las tres respuestas: fecha de nacimiento, código postal (ZIP) y código de seis números. ${plural(left, { one: 'Le queda un intento.', many: `Le quedan ${formatNumber(left)} de intentos.`, other: `Le quedan ${formatNumber(left)} intentos.` })}`,
    tooMany: (minutes) =>
      `Hubo demasiados intentos desde aquí. Espere ${plural(minutes, { one: 'un minuto', many: `${formatNumber(minutes)} de minutos`, other: `${formatNumber(minutes)} minutos` })} e inténtelo de nuevo.`,
    again: 'Por favor, responda una vez más: pasó demasiado tiempo o usted siguió en otro navegador.',
  },
  secondCode: {
    title: 'Primero necesita un código de seis números',
    why: 'Otras personas pueden saber su fecha de nacimiento y su código postal. Por eso hay un código que solo usted recibe.',
    how: (practice, phone) =>
      `Para obtenerlo, ${call(practice, phone)}. Le preguntan quién es y le dicen el código, o lo envían a otra de sus direcciones de correo electrónico.`,
    haveIt: 'Ya tengo el código',
    noValidCode: (practice, phone) =>
      `En este momento ningún código sirve para esta invitación. Un código sirve 7 días, y solo el último que le dieron. Para obtener uno nuevo, ${call(practice, phone)}.`,
  },
  account: {
    title: 'Elija un nombre de usuario',
    username: 'Nombre de usuario',
    usernameHint: 'Con él inicia sesión. Al menos 3 letras o números, sin espacios.',
    free: (names) => `También están libres: ${names.join(', ')}`,
    email: 'Correo electrónico (puede dejarlo en blanco)',
    emailHint: 'Le escribimos ahí cuando pasa algo con su cuenta y si olvida su contraseña.',
    emailIs: (email) => `Le escribimos a ${email}. Puede cambiarlo después.`,
    language: '¿En qué idioma quiere leer?',
    button: terms.continue,
    signIn: 'Ya tengo una cuenta',
    errors: {
      'username-empty': 'Escriba un nombre de usuario.',
      'username-impossible': 'Ese no puede ser su nombre de usuario. Use al menos 3 letras o números, sin espacios.',
      'username-taken': 'Otra persona tiene ese nombre de usuario. Elija otro.',
      'email-unusable': 'Escriba una dirección como nombre@example.com, o déjela en blanco.',
      'email-of-guardian': 'Use una dirección que solo lea usted, o déjela en blanco.',
      language: 'Elija un idioma.',
    },
  },
  existingAccount: {
    title: 'Usted ya tiene una cuenta',
    text: (email) =>
      `Hay una cuenta con la dirección ${email}. Inicie sesión y el expediente médico se agrega a ella. No necesita otra cuenta.`,
    button: terms.signIn,
    notYours: (practice, phone) => `¿Esa cuenta no es suya? Entonces ${call(practice, phone)}.`,
  },
  signInMethod: {
    title: 'Elija cómo iniciar sesión',
    username: (username) => `Su nombre de usuario es ${username}.`,
    changeUsername: 'Cambiarlo',
    passkey: 'Con una llave de acceso',
    passkeyAbout:
      'Usted inicia sesión con su huella, su cara o el PIN de su dispositivo. No hay contraseña que recordar.',
    passkeyButton: 'Crear una llave de acceso',
    password: 'Con una contraseña',
    newPassword: 'Contraseña',
    passwordHint: (shortest) =>
      `Al menos ${shortest} caracteres. Tres o cuatro palabras sin relación entre sí son buenas. Puede usar espacios.`,
    repeat: 'Repita la contraseña',
    button: 'Crear mi cuenta',
    different: 'No es igual a la contraseña de arriba. Escríbala una vez más.',
  },
  addRecord: {
    title: '¿Agregar este expediente médico a su cuenta?',
    text: (patient, year, practice) =>
      `El expediente médico de ${patient}, con año de nacimiento ${year}, en ${practice} se agrega a su cuenta.`,
    button: 'Agregar el expediente',
    other: 'Crear una cuenta nueva',
    otherPerson:
      'Este expediente no se puede agregar a esa cuenta: es de otra persona o actúa en nombre de este paciente. Inicie sesión con otra cuenta o cree una nueva.',
    unsuitableAccount: (name) =>
      `Usted inició sesión como ${name}. A esa cuenta no se puede agregar ningún expediente. Cierre sesión y entre con su propia cuenta, o cree una nueva.`,
  },
  decline: {
    title: 'Rechazar esta invitación',
    text: 'Entonces no pasa nada más, y la atención sigue siendo la misma. Avisamos al consultorio y no enviamos recordatorios.',
    button: 'No quiero una cuenta',
    back: 'Regresar',
    done: 'Usted rechazó esta invitación',
    doneText: (day) => `Si cambia de opinión, vuelva a esta página hasta el ${day}.`,
    undo: 'Sí la quiero',
  },
  expired: {
    title: 'Esta invitación no se puede usar',
    why: 'Ya se usó, venció, se retiró o hubo demasiadas respuestas equivocadas.',
    ask: (practice, phone) => `Para obtener una nueva, ${call(practice, phone)}.`,
    askYours: 'Para obtener una nueva, llame a su consultorio.',
    typed: 'Si escribió un código de una carta, revíselo y escríbalo otra vez',
    signIn: 'Si ya creó su cuenta, inicie sesión',
  },
  finishedElsewhere: {
    title: 'La cuenta ya está creada',
    text: 'Alguien terminó esta invitación en otro navegador o en otra ventana. Si fue usted, inicie sesión con lo que eligió ahí.',
    notYou: (practice, phone) => `Si no fue usted, ${call(practice, phone)} de inmediato.`,
    signIn: terms.signIn,
  },
  done: {
    title: 'Su cuenta está lista',
    text: (name) => `Usted inició sesión como ${name}.`,
    username: (username) => `Su nombre de usuario es ${username}.`,
    added: 'El expediente médico se agregó a su cuenta',
    confirmEmail:
      'Enviamos un correo electrónico a la dirección que dio. Abra el enlace que tiene, para que sepamos que es suya.',
    button: 'Ir a su cuenta',
    safer: 'Hágala más segura',
    saferText:
      'Puede agregar un segundo paso: un código de una aplicación de su teléfono. Así nadie entra solo con su contraseña.',
    saferLink: 'Agregar una aplicación de autenticación',
  },
  emailToContact: {
    subject: (practice) => `Se creó una cuenta en ${practice}`,
    own: ({ practice, patient, day, phone }) =>
      `Hola:

El ${day} se creó una cuenta con la que ${patient} ve su expediente médico de ${practice}. Le escribimos porque su dirección está en el expediente del paciente.

Si es correcto, no tiene que hacer nada.

Si ${patient} no la creó, ${call(practice, phone)} de inmediato. Ahí pueden bloquear la cuenta.`,
    other: ({ practice, patient, who, day, phone }) =>
      `Hola:

Desde el ${day}, ${who} puede ver en línea el expediente médico de ${patient} de ${practice}, porque actúa en nombre de este paciente. Le escribimos porque su dirección está en el expediente o en la cuenta del paciente.

Si es correcto, no tiene que hacer nada.

Si no lo es, ${call(practice, phone)} de inmediato. Ahí pueden terminarlo.`,
  },
  emailToGuardian: {
    subject: (practice) => `${practice}: un paciente joven tiene su propia cuenta`,
    text: ({ practice, patient, day, phone }) =>
      `Hola:

El ${day}, ${patient} creó su propia cuenta en ${practice}. Usted sigue viendo el expediente médico como antes.

Si tiene preguntas, ${call(practice, phone)}.`,
  },
};
