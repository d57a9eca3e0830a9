import type { Messages } from '../en/index.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

const call = (practice: string, phone: string | undefined): string =>
  phone === undefined ? `llame a ${practice}` : `llame a ${practice} al ${phone}`;

export const enrollment: Messages['enrollment'] = {
  emailToPatient: {
    subject: (practice) => `${practice} le invita a ver su expediente médico`,
    button: 'Crear su cuenta',
    text: ({ practice, patient, link, until, phone }) =>
      `Hola:

${practice} le invita a usted (${patient}) a crear una cuenta. Con ella puede ver su expediente médico en línea y compartirlo con las aplicaciones que usted elija.

Abra esta página para empezar:
${link}

El enlace funciona una sola vez y vence el ${until}. Por favor, no lo comparta.

Necesita su fecha de nacimiento, su código postal (ZIP) y un código de seis números. ${practice} le da ese código por separado. Si todavía no lo tiene, ${call(practice, phone)}. Por su seguridad, le devolverán la llamada.

¿No sabe por qué recibió este correo? Entonces no es para usted. Puede avisarnos en la página o borrar este correo.`,
  },
  emailToRepresentative: {
    subject: (practice) => `${practice} le invita a ver el expediente médico de una persona a su cuidado`,
    button: 'Ver el expediente médico',
    text: ({ practice, patient, link, until, phone }) =>
      `Hola:

${practice} le invita a ver en línea el expediente médico de ${patient}, porque usted actúa en nombre de este paciente.

Abra esta página para empezar:
${link}

El enlace funciona una sola vez y vence el ${until}. Por favor, no lo comparta.

Necesita la fecha de nacimiento y el código postal (ZIP) del paciente, y un código de seis números. ${practice} le da ese código por separado. Si todavía no lo tiene, ${call(practice, phone)}. Por su seguridad, le devolverán la llamada.

Si ya tiene una cuenta, puede agregar el expediente a ella.

¿No sabe por qué recibió este correo? Entonces no es para usted. Puede avisarnos en la página o borrar este correo.`,
  },
  emailWithCode: {
    subject: (practice) => `Su código de seis números de ${practice}`,
    text: ({ practice, patient, code, until, phone }) =>
      `Hola:

Este es el código para crear la cuenta de ${patient}:

${code}

El código vence el ${until}. Escríbalo en la página de su invitación. La invitación le llegó en otro correo o en una carta.

Nunca le llamaremos para pedirle este código. Si no sabe para qué es, ${call(practice, phone)}.`,
  },
  letter: {
    title: (practice) => `Vea su expediente médico: una invitación de ${practice}`,
    dear: (name) => `Estimado/a ${name}:`,
    toPatient: (practice) =>
      `${practice} le invita a crear una cuenta. Con ella puede ver su expediente médico en línea y compartirlo con las aplicaciones que usted elija. Es gratis, y su atención es la misma sin ella.`,
    toRepresentative: (practice, patient) =>
      `${practice} le invita a ver en línea el expediente médico de ${patient}, porque usted actúa en nombre de este paciente. Es gratis, y la atención es la misma sin la cuenta.`,
    open: 'Abra esta dirección en su navegador:',
    scan: 'O escanee el código QR con la cámara de su teléfono.',
    qr: 'Código QR con la dirección de esta invitación',
    typeCode: 'Escriba este código:',
    questionsOfPatient: 'Responda dos preguntas: su fecha de nacimiento y su código postal (ZIP).',
    questionsOfRepresentative: (patient) =>
      `Responda dos preguntas: la fecha de nacimiento y el código postal (ZIP) de ${patient}.`,
    secondCode: (practice, phone) =>
      `Escriba un segundo código, de seis números. Por su seguridad, no está en esta carta. Se lo damos en persona, o le llamamos al número que tenemos de usted. Si todavía no lo tiene, ${call(practice, phone)}. Nosotros le devolveremos la llamada.`,
    until: (day) => `El código de esta carta funciona una sola vez y vence el ${day}.`,
    otherwise: (practice, phone) =>
      `¿No quiere una cuenta, o esta carta no es para usted? Avísenos (${call(practice, phone)}) o tire la carta. ${practice} nunca se comunicará con usted para pedirle estos códigos.`,
  },
  letterCode: {
    title: 'Escriba el código de su carta',
    label: 'Código',
    hint: 'Se ve así: ABCD-EFGH-JKMN-PQRS. Puede usar mayúsculas o minúsculas.',
    button: terms.continue,
    byMail: '¿Le invitaron por correo electrónico? Abra el enlace de ese correo.',
    empty: 'Escriba el código de su carta.',
    length: (typed, wanted) =>
      `El código tiene ${wanted} letras y números, pero usted escribió ${typed}. Compárelo con su carta.`,
    unreadable: 'El código solo tiene letras de la A a la Z y números. Compárelo con su carta.',
  },
  intro: {
    title: 'Vea su expediente médico en línea',
    titleForOther: 'Vea el expediente médico de una persona a su cuidado',
    forPatient: (practice, name, year) =>
      `${practice} invita a ${name}, con año de nacimiento ${year}, a crear una cuenta.`,
    forOther: (practice, name, patient, year) =>
      `${practice} invita a ${name} a ver el expediente médico de ${patient}, con año de nacimiento ${year}.`,
    next: 'Qué sigue',
    steps: (practice) => [
      `Usted confirma quién es con una fecha de nacimiento, un código postal (ZIP) y un código de seis números. ${practice} le da el código en persona, por teléfono o en otro correo electrónico.`,
      'Elige un nombre de usuario, y una contraseña o una llave de acceso.',
      'Ve el expediente médico. Ninguna aplicación puede verlo si usted no lo permite.',
    ],
    until: (day) => `Esta invitación vence el ${day}.`,
    start: 'Empezar',
    haveAccount: 'Ya tengo una cuenta',
    dontWant: 'No quiero esto, o no es para mí',
  },
  identityProofing: {
    title: 'Confirme que es usted',
    titleForOther: 'Confirme que la invitación es para usted',
    birthDate: 'Su fecha de nacimiento',
    birthDateOfPatient: 'La fecha de nacimiento del paciente',
    birthDateHint: 'Por ejemplo: día 4, mes 7, año 1974',
    month: 'Mes',
    day: 'Día',
    year: 'Año',
    zip: 'Su código postal (ZIP)',
    zipOfPatient: 'El código postal (ZIP) del paciente',
    zipHint: (practice) =>
      `Cinco números, del domicilio que tiene ${practice}. Si usted se mudó, puede ser todavía el código postal anterior.`,
    code: 'Código de seis números',
    codeHint: {
      'in-person': (practice) => `El código que recibió en ${practice}`,
      phone: (practice) => `El código que ${practice} le dio por teléfono`,
      contact: (practice) => `El código que ${practice} envió a otra de sus direcciones de correo electrónico`,
    },
    noCode: (practice, phone) => `¿No tiene un código? Por favor, ${call(practice, phone)}.`,
    button: terms.continue,
    unreadable: {
      'birth-date': 'Escriba el día, el mes y el año de nacimiento con números.',
      zip: 'Escriba un código postal (ZIP) de cinco números.',
      code: 'Escriba el código de seis números. Use solo números.',
    },
    wrong: (left) =>
      `Lo que escribió no coincide con nuestros datos. Revise la fecha de nacimiento, el código postal (ZIP) y el código de seis números. ${plural(left, { one: 'Le queda un intento.', many: `Le quedan ${formatNumber(left)} de intentos.`, other: `Le quedan ${formatNumber(left)} intentos.` })}`,
    tooMany: (minutes) =>
      `Hubo demasiados intentos desde su red. Espere ${plural(minutes, { one: 'un minuto', many: `${formatNumber(minutes)} de minutos`, other: `${formatNumber(minutes)} minutos` })} e inténtelo de nuevo.`,
    again: 'Por favor, responda de nuevo. Pasó demasiado tiempo o usted cambió de navegador.',
  },
  secondCode: {
    title: 'Primero, pida un código de seis números',
    why: 'Otras personas pueden saber su fecha de nacimiento y su código postal. Con el código, solo usted puede usar esta invitación.',
    how: (practice, phone) =>
      `Para obtenerlo, ${call(practice, phone)}. Ahí comprueban quién es usted. Por su seguridad, después le devuelven la llamada para darle el código, o lo envían a otra de sus direcciones de correo electrónico.`,
    haveIt: 'Ya tengo el código',
    noValidCode: (practice, phone) =>
      `En este momento no hay un código válido para esta invitación. Un código vence después de 7 días, y solo sirve el más reciente. Para obtener uno nuevo, ${call(practice, phone)}.`,
  },
  account: {
    title: 'Elija un nombre de usuario',
    username: 'Nombre de usuario',
    usernameHint: 'Con él inicia sesión. Use al menos 3 letras o números, sin espacios.',
    free: (names) => `Por ejemplo, estos están libres: ${names.join(', ')}.`,
    email: 'Correo electrónico (opcional)',
    emailHint: 'Le escribimos ahí sobre los cambios en su cuenta y si olvida su contraseña.',
    emailIs: (email) => `Le escribiremos a ${email}. Puede cambiarlo después.`,
    language: '¿Qué idioma prefiere?',
    button: terms.continue,
    signIn: 'Ya tengo una cuenta',
    errors: {
      'username-empty': 'Escriba un nombre de usuario.',
      'username-impossible': 'Ese nombre de usuario no es válido. Use al menos 3 letras o números, sin espacios.',
      'username-taken': 'Ese nombre de usuario ya está en uso. Elija otro.',
      'email-unusable': 'Escriba una dirección como nombre@example.com, o déjela en blanco.',
      'email-of-guardian': 'Use una dirección que solo lea usted, o déjela en blanco.',
      language: 'Elija un idioma.',
    },
  },
  existingAccount: {
    title: 'Usted ya tiene una cuenta',
    text: (email) =>
      `Ya hay una cuenta para ${email}. Inicie sesión para agregarle el expediente médico. No necesita otra cuenta.`,
    button: terms.signIn,
    notYours: (practice, phone) => `¿La cuenta no es suya? Por favor, ${call(practice, phone)}.`,
  },
  signInMethod: {
    title: 'Elija cómo iniciar sesión',
    username: (username) => `Su nombre de usuario es ${username}.`,
    changeUsername: 'Cambiar el nombre de usuario',
    passkey: 'Con una llave de acceso',
    passkeyAbout:
      'Usted inicia sesión con su huella, su cara o el PIN de su dispositivo. No tiene que recordar una contraseña.',
    passkeyButton: 'Crear una llave de acceso',
    password: 'Con una contraseña',
    newPassword: 'Contraseña',
    passwordHint: (shortest) =>
      `Use al menos ${shortest} caracteres. Tres o cuatro palabras sin relación entre sí funcionan bien. Puede usar espacios.`,
    repeat: 'Confirme la contraseña',
    button: 'Crear mi cuenta',
    different: 'Las contraseñas no coinciden. Escriba la contraseña de nuevo.',
  },
  addRecord: {
    title: '¿Agregar este expediente médico a su cuenta?',
    text: (patient, year, practice) =>
      `Agregaremos a su cuenta el expediente médico de ${patient}, con año de nacimiento ${year}, en ${practice}.`,
    button: 'Agregar el expediente',
    other: 'Crear una cuenta nueva',
    otherPerson:
      'Este expediente no se puede agregar a esa cuenta. La cuenta es de otra persona o actúa en nombre de este paciente. Inicie sesión con otra cuenta o cree una nueva.',
    unsuitableAccount: (name) =>
      `Usted inició sesión como ${name}. A esa cuenta no se le pueden agregar expedientes médicos. Cierre la sesión, y después inicie sesión con su propia cuenta o cree una nueva.`,
  },
  decline: {
    title: 'Rechazar esta invitación',
    text: 'No se crea ninguna cuenta, y la atención sigue siendo la misma. Avisamos al consultorio y no enviamos recordatorios.',
    button: 'Rechazar la invitación',
    back: 'Regresar',
    done: 'Usted rechazó esta invitación',
    doneText: (day) => `Si cambia de opinión, vuelva a esta página a más tardar el ${day}.`,
    undo: 'Sí quiero una cuenta',
  },
  expired: {
    title: 'Esta invitación ya no es válida',
    why: 'Ya se usó, venció, se canceló o hubo demasiadas respuestas incorrectas.',
    inUse: (time) =>
      `Es un paciente de prueba que otra persona usa en este momento. Su carta volverá a funcionar antes de: ${time}.`,
    otherPatients: 'Ver otros pacientes de prueba',
    ask: (practice, phone) => `Para obtener una nueva, ${call(practice, phone)}.`,
    askYours: 'Para obtener una nueva, llame a su consultorio.',
    typed: 'Si escribió un código de una carta, revise el código y escríbalo otra vez',
    signIn: 'Si ya creó su cuenta, inicie sesión',
  },
  finishedElsewhere: {
    title: 'La cuenta ya existe',
    text: 'Alguien usó esta invitación en otro navegador o en otra ventana. Si fue usted, inicie sesión como eligió ahí.',
    notYou: (practice, phone) => `Si no fue usted, ${call(practice, phone)} de inmediato.`,
    signIn: terms.signIn,
  },
  done: {
    title: 'Su cuenta está lista',
    text: (name) => `Usted inició sesión como ${name}.`,
    username: (username) => `Su nombre de usuario es ${username}.`,
    endsBy: (time) =>
      `Es un paciente de prueba. El acceso al expediente termina antes de esta hora, para el siguiente visitante: ${time}.`,
    added: 'El expediente médico se agregó a su cuenta',
    confirmEmail: 'Le enviamos un correo electrónico. Abra el enlace que trae para confirmar que la dirección es suya.',
    button: 'Ir a su cuenta',
    safer: 'Haga más segura su cuenta',
    saferText:
      'Agregue un segundo paso: un código de una aplicación de su teléfono. Así no basta con su contraseña para iniciar sesión.',
    saferLink: 'Agregar una aplicación de códigos',
  },
  emailToContact: {
    subject: (practice) => `Se creó una cuenta en ${practice}`,
    own: ({ practice, patient, day, phone }) =>
      `Hola:

El ${day} se creó una cuenta. Con ella, ${patient} puede ver su expediente médico de ${practice}. Le escribimos porque su dirección está en el expediente del paciente.

Si es correcto, no tiene que hacer nada.

Si ${patient} no la creó, ${call(practice, phone)} de inmediato. Ahí pueden bloquear la cuenta.`,
    other: ({ practice, patient, who, day, phone }) =>
      `Hola:

Desde el ${day}, ${who} puede ver en línea el expediente médico de ${patient} de ${practice}, porque actúa en nombre de este paciente. Le escribimos porque su dirección está en el expediente o en la cuenta del paciente.

Si es correcto, no tiene que hacer nada.

Si no lo es, ${call(practice, phone)} de inmediato. Ahí pueden terminar este acceso.`,
  },
  emailToGuardian: {
    subject: (practice) => `${practice}: un paciente joven ya tiene su propia cuenta`,
    text: ({ practice, patient, day, phone }) =>
      `Hola:

El ${day}, ${patient} creó su propia cuenta en ${practice}. Usted puede seguir viendo el expediente médico como antes.

Si tiene preguntas, ${call(practice, phone)}.`,
  },
};
