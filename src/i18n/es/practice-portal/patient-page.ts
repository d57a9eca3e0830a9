import type { Messages } from '../../en/index.ts';

export const patientPage: Messages['practicePortal']['patientPage'] = {
  allPatients: 'Todos los pacientes',
  openApp: 'Abrir una aplicación para este paciente',

  notices: {
    mailed:
      'Se creó la invitación. Ahora dé el código a la persona invitada. Sin el código, la invitación no funciona.',
    resent: 'Se envió la invitación otra vez. El correo anterior ya no sirve.',
    cancelled: 'Se canceló la invitación. Ya no sirve.',
    'code-mailed': 'Se envió el código por correo electrónico.',
    declined: 'Se registró que el paciente no desea una cuenta. Las invitaciones abiertas quedaron canceladas.',
    undeclined: 'Se puede invitar de nuevo al paciente.',
    locked: 'Se bloqueó la cuenta. Nadie puede iniciar sesión con ella, y sus aplicaciones no pueden leer datos.',
    ended: 'Se terminó el acceso. Esta persona y las aplicaciones que conectó ya no pueden leer este expediente.',
    unlocked:
      'Se desbloqueó la cuenta. La persona puede iniciar sesión de nuevo, y sus aplicaciones funcionan otra vez.',
    restored:
      'Se restableció el acceso. La cuenta puede abrir este expediente de nuevo. Las aplicaciones se deben conectar otra vez.',
    'link-mailed': 'Se envió el enlace a la dirección de la cuenta. Sirve una vez, durante 24 horas.',
    changed: 'No se cambió nada, porque los datos cambiaron mientras tanto. Esta página muestra el estado actual.',
  },
  notSent:
    'No se envió el correo, porque este servidor no envía correos a este paciente. Un administrador de la instalación puede encontrarlo en la bandeja de salida.',

  recordedReasons: {
    'Declined on the invitation page': 'Rechazada en la página de la invitación',
    'the practice joined this record with another of the same patient':
      'el consultorio unió este expediente con otro del mismo paciente',
    'the practice found that two joined records were of two patients':
      'el consultorio descubrió que dos expedientes unidos eran de dos pacientes',
  },

  account: {
    title: 'La cuenta del paciente',
    notEnrolled: 'El paciente no tiene cuenta ni una invitación abierta.',
    invited: 'El paciente recibió una invitación, pero todavía no ha creado una cuenta.',
    invitationExpired:
      'La invitación ya no es válida. Venció, o hubo demasiadas respuestas incorrectas. Invite de nuevo al paciente.',
    enrolled: 'El paciente tiene una cuenta y puede conectar aplicaciones a este expediente.',
    declined: 'El paciente rechazó la invitación.',
    declinedOn: (reason, at) =>
      `El paciente no desea una cuenta${reason === '' ? '' : `: ${reason}`}. Se registró el ${at}.`,
    locked: 'La cuenta está bloqueada. Nadie puede iniciar sesión con ella, y sus aplicaciones no pueden leer datos.',
    ended: 'Terminó el acceso de la cuenta a este expediente. No lo puede abrir, y sus aplicaciones no lo pueden leer.',
    shared: 'Esta es una cuenta de prueba compartida. No se puede cambiar ni bloquear.',
    facts: {
      username: 'Nombre de usuario',
      email: 'Correo de la cuenta',
      accessSince: 'Con acceso desde',
      accessEnded: 'Fin del acceso',
      lockedAt: 'Bloqueada',
      otherPatients: 'También abre',
      otherPractices: 'Otros consultorios',
    },
    noEmail: 'ninguno',
    opensOtherPractices: 'también abre expedientes de otros consultorios',
    links: {
      enroll: 'Invitar al paciente',
      decline: 'Registrar que el paciente no desea una cuenta',
      inviteAgain: 'Invitar de nuevo',
      inviteDifferently: 'Enviar otra invitación',
      allowInvitations: 'Permitir invitaciones de nuevo',
      unlock: 'Desbloquear la cuenta',
      resetSecondFactor: 'Restablecer el segundo paso',
      resetPassword: 'Restablecer la contraseña',
      restoreAccess: 'Restablecer el acceso a este expediente',
      lock: 'Bloquear la cuenta',
      endAccess: 'Terminar el acceso a este expediente',
    },
  },

  invitations: {
    title: 'Invitaciones',
    states: {
      open: 'abierta',
      used: 'usada',
      cancelled: 'cancelada',
      declined: 'rechazada por la persona invitada',
      expired: 'vencida',
      failed: 'bloqueada por demasiadas respuestas incorrectas',
    },
    letter: 'carta',
    emailTo: (email) => `correo electrónico a ${email}`,
    toPatient: 'el paciente',
    toRepresentative: (name) => `${name}, para que actúe en nombre del paciente`,
    commandLine: 'la línea de comandos',
    sent: (delivery, invitee, inviter) => `${delivery} para ${invitee}, por ${inviter}`,
    validUntil: (day) => `válida hasta el ${day}`,
    needsCode: 'Necesita un código. Todavía no se ha dado ningún código, o el código venció.',
    codeGiven: {
      'in-person': 'El código se dio en persona.',
      phone: 'El código se dio por teléfono.',
      contact: 'El código se envió por correo electrónico a otra dirección.',
    },
    links: {
      giveCode: 'Dar el código',
      giveNewCode: 'Dar un código nuevo',
      printAgain: 'Imprimir la carta otra vez',
      emailAgain: 'Enviar el correo otra vez',
      cancel: 'Cancelar la invitación',
      to: (name) => `a ${name}`,
      of: (name) => `de ${name}`,
    },
  },

  representatives: {
    title: 'Representantes',
    none: 'Ningún representante tiene acceso a este expediente.',
    addToChart:
      'Para agregar a un representante, primero agregue a la persona al expediente en su sistema de expedientes (EHR). Puede ser la madre o el padre, un tutor legal o una persona con poder notarial.',
    withoutAccess: 'Contactos en el expediente sin acceso',
    past: 'Representantes anteriores',
    since: (date) => `desde el ${date}`,
    active: 'cuenta activa',
    locked: 'cuenta bloqueada',
    links: {
      resetSecondFactor: 'Restablecer el segundo paso',
      resetPassword: 'Restablecer la contraseña',
      end: 'Terminar el acceso',
      invite: 'Invitar',
      of: (name) => `de ${name}`,
      inviteToActFor: (name) => `a ${name} a actuar en nombre del paciente`,
    },
  },

  chart: {
    title: 'Datos del expediente',
    patient: 'Paciente',
    birthDate: 'Fecha de nacimiento',
    identifiers: 'MRN y otros números de identificación',
    email: 'Correo electrónico',
    phone: 'Teléfono',
    address: 'Domicilio',
    none: 'no está en el expediente',
    noInvitations: 'Hasta entonces no se pueden enviar invitaciones.',
    source: 'Estos datos vienen de su sistema de expedientes (EHR). Corríjalos o complételos ahí.',
  },

  apps: {
    title: 'Aplicaciones conectadas',
    none: 'No hay aplicaciones conectadas.',
    allowed: (person, date) => `La permitió ${person} el ${date}.`,
    notUsed: 'Todavía no ha leído datos.',
    notSince: (day) => `No ha leído datos desde el ${day}. No se buscaron lecturas anteriores.`,
    lastUsed: (time) => `Última lectura: ${time}.`,
  },
};
