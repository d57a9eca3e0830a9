import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';

export const staff: Messages['practicePortal']['staff'] = {
  title: (practice) => `Personal de ${practice}`,
  backToStaff: 'Personal',
  invite: 'Invitar a un miembro del personal',
  none: 'Todavía no hay personal.',
  columns: { name: 'Nombre', username: 'Nombre de usuario', roles: 'Funciones', practitioner: 'En el directorio como' },
  inDirectory: 'en el directorio',
  locked: 'cuenta bloqueada',
  notices: {
    changed: 'Se guardaron los cambios.',
    removed: 'La persona ya no forma parte del personal. Las aplicaciones que abrió ya no tienen acceso.',
    locked: 'Se bloqueó la cuenta.',
    unlocked: 'Se desbloqueó la cuenta.',
  },
  invited: {
    heading: 'Invitaciones pendientes',
    byLink: 'enlace entregado en persona',
    expires: (at) => `vence el ${at}`,
    cancel: 'Cancelar la invitación',
    cancelOf: (name) => `Cancelar la invitación de ${name}`,
  },
  newInvitation: {
    title: (practice) => `Invitar a un miembro del personal a ${practice}`,
    name: 'Nombre completo',
    email: 'Dirección de correo electrónico (opcional)',
    emailHint:
      'Enviamos la invitación por correo a esta dirección. Sin una dirección, usted recibe un enlace para entregarlo personalmente.',
    button: 'Crear la invitación',
  },
  invitationLink: {
    title: (name) => `Enlace de invitación para ${name}`,
    text: (until) =>
      `Entregue este enlace personalmente. Sirve una sola vez y vence el ${until}. Cualquiera que tenga el enlace lo puede usar.`,
    onceHtml: html`<b>El enlace se muestra una sola vez.</b> Si se pierde, cancele la invitación y cree una nueva.`,
  },
  assignment: {
    roles: 'Funciones',
    roleHints: {
      clinician: 'Busca pacientes y abre aplicaciones desde sus expedientes.',
      'front-desk': 'Busca pacientes y los inscribe.',
      'privacy-officer': 'Ve qué aplicaciones leyeron datos de qué pacientes.',
      administrator: 'Administra la configuración y el personal del consultorio, y activa o desactiva la API.',
    },
    practitioner: 'Profesional en el directorio del consultorio',
    practitionerHint: 'Las aplicaciones se abren a nombre de este profesional. Solo para profesionales de salud.',
    noPractitioner: 'Ninguno (no puede abrir aplicaciones)',
    button: 'Guardar cambios',
  },
  errors: {
    name: 'Escriba el nombre de la persona, con 100 caracteres como máximo',
    email: 'Escriba una dirección de correo válida, por ejemplo nombre@example.org',
    roles: 'Elija al menos una función',
    practitioner: 'Elija un profesional de la lista, o «Ninguno»',
    notClinician:
      'Elija «Ninguno» o agregue la función «profesional de salud». Solo los profesionales de salud pueden abrir aplicaciones',
    lastAdministrator:
      'Usted es la única persona que administra este consultorio. Primero nombre administrador a otra persona',
    reason: 'Escriba un motivo',
    proofing: 'Escriba cómo comprobó la identidad de la persona',
  },
  member: {
    username: (username) => `Nombre de usuario: ${username}`,
    sharedAccount: 'Esta es una cuenta de prueba compartida. No se puede cambiar.',
    notManageable:
      'Esta es su propia cuenta, o también se usa en otro lugar. Pida a un administrador de la instalación que lo haga.',
    administratorAccount:
      'Esta persona es administradora de la instalación. Solo un operador puede desbloquear la cuenta o restablecer su segundo factor, en la línea de comandos.',
    otherActions: 'Otras acciones',
    lock: 'Bloquear la cuenta',
    unlock: 'Desbloquear la cuenta',
    resetFactor: 'Restablecer el segundo paso (teléfono o llave de acceso perdidos)',
    onlyInstallation:
      'Esta es su propia cuenta, o también se usa en otro lugar. Solo un administrador de la instalación puede bloquearla o restablecer su segundo paso.',
    removeFrom: (practice) => `Quitar de ${practice}`,
  },
  remove: {
    title: (name) => `¿Quitar a ${name}?`,
    text: (name) =>
      `${name} ya no podrá abrir las páginas para el personal de este consultorio. Las aplicaciones que abrió para sus pacientes pierden el acceso de inmediato. Usted no tiene que hacer nada más.`,
    retained: 'Se conservan su cuenta y sus entradas en el registro de auditoría.',
    button: 'Quitar del personal',
  },
  unlock: {
    title: (name) => `¿Desbloquear la cuenta de ${name}?`,
    text: (name) =>
      `${name} podrá iniciar sesión otra vez con la misma contraseña y el mismo teléfono o la misma llave de acceso. Las aplicaciones que abrió funcionarán de nuevo, salvo que su acceso haya vencido.`,
    button: 'Desbloquear la cuenta',
  },
  lock: {
    title: (name) => `¿Bloquear la cuenta de ${name}?`,
    text: (name) =>
      `Se cierran todas las sesiones de ${name}, y la persona no podrá iniciar sesión. Las aplicaciones que abrió no tendrán acceso hasta que usted desbloquee la cuenta.`,
    reason: 'Motivo',
    reasonHint: 'Unas pocas palabras para el registro de auditoría.',
    button: 'Bloquear la cuenta',
  },
  resetFactor: {
    title: (name) => `Restablecer el segundo paso de ${name}`,
    text: 'Usted recibe un enlace para entregarlo a esta persona. Con el enlace y su contraseña, la persona quita de su cuenta el teléfono o la llave de acceso que perdió y configura un nuevo segundo paso.',
    verifyHtml: html`<b>Primero compruebe su identidad.</b> Reúnase con la persona o llámela a un número que usted conozca.`,
    proofing: '¿Cómo comprobó su identidad?',
    proofingHint: 'Unas pocas palabras, por ejemplo «en persona, identificación con foto».',
    button: 'Crear el enlace',
    linkTitle: (name) => `Enlace para restablecer el segundo paso de ${name}`,
    linkText:
      'Entregue este enlace personalmente. Sirve una sola vez, durante 24 horas, junto con la contraseña de la persona.',
    once: 'El enlace se muestra una sola vez.',
  },
};
