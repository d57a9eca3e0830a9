import type { Messages } from '../../en/index.ts';
import { signIn } from '../sign-in.ts';

export const patientAccount: Messages['practicePortal']['patientAccount'] = {
  backTo: (patient) => `Volver a ${patient}`,
  done: 'Listo',
  reason: {
    label: 'Motivo',
    limit: 'Como máximo 64 caracteres.',
    missing: 'Escriba un motivo',
    tooLong: (longest) => `Escriba un motivo de ${longest} caracteres como máximo`,
  },
  decline: {
    title: (name) => `${name} no desea una cuenta`,
    text: 'Las invitaciones masivas omitirán a este paciente. Puede deshacerlo si el paciente cambia de opinión.',
    cancels: 'Se cancelará la invitación abierta.',
    reasonHint: 'Por ejemplo: «no tiene computadora».',
    button: 'Guardar la decisión',
  },
  undoDecline: {
    title: (name) => `¿Permitir de nuevo invitaciones a ${name}?`,
    text: 'Después puede invitar otra vez a este paciente.',
    button: 'Permitir invitaciones',
  },
  lock: {
    title: (name) => `¿Bloquear la cuenta de ${name}?`,
    text: 'Hasta que usted desbloquee la cuenta, nadie puede iniciar sesión con ella, y las aplicaciones que conectó no pueden leer datos.',
    otherPatients: (names) => `Esta cuenta también abre el expediente de ${names}. Ese acceso también se detiene.`,
    reasonHint: 'Por ejemplo: «lo pidió el paciente» u «otra persona usó la cuenta».',
    button: 'Bloquear la cuenta',
  },
  endOwnAccess: {
    title: (name) => `¿Terminar el acceso de ${name} a este expediente?`,
    text: 'Esta cuenta también abre expedientes de otros consultorios. Esos no cambian. Solo termina el acceso a este expediente. La cuenta ya no lo podrá abrir, y sus aplicaciones ya no lo podrán leer.',
    reasonHint: 'Por ejemplo: «lo pidió el paciente» u «otra persona usó la cuenta».',
    button: 'Terminar el acceso',
  },
  unlock: {
    title: (name) => `¿Desbloquear la cuenta de ${name}?`,
    operatorOnly:
      'Esta cuenta también abre expedientes de otros consultorios. Solo el operador de este servidor puede desbloquearla.',
    recordedReason: (reason) => `Motivo registrado: ${reason === '' ? 'ninguno' : reason}.`,
    text: 'La persona puede iniciar sesión de nuevo, y sus aplicaciones conectadas pueden leer datos otra vez. Si otra persona usó la cuenta, primero pídale al paciente que elija una contraseña nueva y revise sus aplicaciones conectadas.',
    reasonHint: 'Por ejemplo: «hablé con el paciente en la recepción».',
    button: 'Desbloquear la cuenta',
  },
  restoreOwnAccess: {
    title: (name) => `¿Restablecer el acceso de ${name} a este expediente?`,
    text: 'La cuenta puede abrir este expediente de nuevo. Las aplicaciones se deben conectar otra vez.',
    button: 'Restablecer el acceso',
  },
  endRepresentation: {
    title: (name, patient) => `¿Terminar el acceso de ${name} al expediente de ${patient}?`,
    text: (name) =>
      `${name} y las aplicaciones que conectó ya no podrán leer este expediente. Su propia cuenta no cambia.`,
    reasonHint: 'Por ejemplo: «cambió la custodia» o «lo pidió el paciente».',
    button: 'Terminar el acceso',
  },
  resetPassword: {
    title: (name) => `Restablecer la contraseña de ${name}`,
    noEmail: `La cuenta no tiene dirección de correo, así que la persona no puede usar «${signIn.forgot}» en la página de inicio de sesión.`,
    useEmail: `Si la persona puede leer el correo de la dirección de la cuenta, pídale que use «${signIn.forgot}» en la página de inicio de sesión. Use esta página solo si no puede.`,
    link: 'Después dé a la persona un enlace para elegir una contraseña nueva. Sirve una vez, durante 30 minutos.',
    button: 'Crear enlace',
    handOver: (name, username) =>
      `${name} abre este enlace en su propio teléfono o computadora y elige una contraseña nueva. Su nombre de usuario es ${username}. El enlace sirve una vez, durante 30 minutos. Se muestra una sola vez.`,
    operatorOnly: `Esta cuenta también abre expedientes de otros consultorios, así que no puede restablecer su contraseña aquí. Si la persona puede leer el correo de la dirección de la cuenta, puede usar «${signIn.forgot}» en la página de inicio de sesión. Si no, debe pedir ayuda al operador de este servidor.`,
  },
  resetSecondFactor: {
    title: (name) => `Restablecer el segundo paso de ${name}`,
    link: (name) =>
      `Después la persona recibe un enlace que sirve una vez, durante 24 horas. El enlace quita la aplicación de códigos y las llaves de acceso anteriores. Avisamos a ${name} por correo electrónico.`,
    linkWithPassword: (name) =>
      `Después la persona recibe un enlace que sirve una vez, durante 24 horas, junto con la contraseña. El enlace quita la aplicación de códigos y las llaves de acceso anteriores. Avisamos a ${name} por correo electrónico.`,
    button: 'Crear enlace',
    handOver: (name) =>
      `${name} abre este enlace en su propio teléfono o computadora y ahí elige una contraseña. El enlace sirve una vez, durante 24 horas. Se muestra una sola vez.`,
    handOverWithPassword: (name) =>
      `${name} abre este enlace en su propio teléfono o computadora y también necesita su contraseña. El enlace sirve una vez, durante 24 horas. Se muestra una sola vez.`,
    operatorOnly:
      'Esta cuenta también abre expedientes de otros consultorios, y no tiene contraseña ni dirección de correo. Solo el operador de este servidor puede restablecer su segundo paso.',
    delivery: '¿Cómo recibe la persona el enlace?',
    shown: 'Se lo doy ahora',
    shownHint: 'El enlace se muestra una sola vez, con un código QR para su teléfono.',
    mailed: (email) => `Correo electrónico a ${email}`,
    mailedHint: 'La dirección de la cuenta.',
    noDelivery: 'Elija cómo recibe la persona el enlace',
  },
  linkTitle: (name) => `Enlace para ${name}`,
  identityProofing: {
    text: 'Primero compruebe la identidad de la persona. No se base en la fecha de nacimiento, el domicilio ni el número de teléfono, porque los familiares los conocen. Sus respuestas se guardan en el registro de auditoría.',
    method: '¿Qué revisó?',
    methods: {
      'driver-license': 'Licencia de conducir o identificación estatal',
      passport: 'Pasaporte',
      'other-photo-id': 'Otra identificación con foto',
      other: 'Otra cosa',
    },
    what: 'Si eligió «Otra cosa», ¿qué fue?',
    whatHint: 'Unas pocas palabras. No escriba números de documentos ni información de salud.',
    location: '¿Dónde lo revisó?',
    locations: { desk: 'En la recepción', video: 'En una videollamada', elsewhere: 'En otro lugar' },
    who: '¿Quién lo revisó?',
    whoHint: 'Su nombre o el de un colega.',
    errors: {
      method: 'Elija qué revisó',
      what: 'Escriba qué revisó',
      whatTooLong: (longest) => `Escriba ${longest} caracteres como máximo`,
      location: 'Elija dónde lo revisó',
      who: (longest) => `Escriba el nombre de la persona que lo revisó, en ${longest} caracteres como máximo`,
    },
  },
};
