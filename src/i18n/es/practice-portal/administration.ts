import type { Messages } from '../../en/index.ts';
import { terms } from '../terms.ts';

export const administration: Messages['practicePortal']['administration'] = {
  navigation: 'Administración',
  links: {
    practices: 'Consultorios',
    administrators: 'Administradores',
    review: 'Revisión de aplicaciones',
    outbox: terms.outbox,
    ownPractices: 'Sus consultorios',
  },
  administrator: 'Administrador',
  practices: {
    title: 'Consultorios',
    lead: 'Abra un consultorio para ver a su personal e invitar a más personas.',
    create: 'Crear un consultorio',
    created: (name) =>
      `Se creó ${name}. Ábralo e invite al primer miembro de su personal, un administrador del consultorio.`,
    kinds: { sandbox: 'De prueba, con pacientes de prueba', live: 'Real' },
    apiOn: 'Activada',
    apiOff: 'Desactivada',
    columns: { name: 'Consultorio', kind: terms.kind, api: 'API', patients: 'Pacientes', staff: 'Personal' },
  },
  newPractice: {
    title: 'Crear un consultorio',
    name: 'Nombre',
    nameHint: 'El nombre que conocen los pacientes.',
    kind: 'Tipo de consultorio',
    kindHint: 'No se puede cambiar después.',
    live: 'Real',
    liveHint: 'Pacientes reales. Solo las aplicaciones aprobadas pueden leer datos.',
    sandbox: 'De prueba',
    sandboxHint:
      'Pacientes de prueba. Las aplicaciones pueden leer datos antes de que se aprueben. Nunca agregue a un paciente real.',
    button: 'Crear consultorio',
    errors: {
      name: 'Escriba un nombre de consultorio de 100 caracteres como máximo',
      kind: 'Elija un consultorio real o de prueba',
      nameTaken: 'Ya existe un consultorio con ese nombre. Elija otro',
    },
  },
  administrators: {
    title: 'Administradores',
    lead: 'Los administradores crean consultorios e invitan a su personal. Esta función no da acceso a los expedientes de los pacientes.',
    invite: 'Invitar a un administrador',
    you: 'usted',
    locked: 'cuenta bloqueada',
    remove: 'Quitar como administrador',
    removeOf: (name) => `Quitar como administrador: ${name}`,
    last: 'Al menos un administrador debe poder iniciar sesión. Primero invite a otro administrador',
    emailNeeded:
      'Escriba una dirección de correo. El enlace se envía cuando otro administrador haya aprobado la invitación',
    notices: {
      removed: 'Listo. Esta persona ya no es administradora.',
      requested:
        'Otro administrador debe aprobarlo dentro de 24 horas. Hasta entonces, nada cambia. Todos los administradores recibieron un correo.',
    },
    removePage: {
      title: (name) => `¿Quitar a ${name} como administrador?`,
      text: (name) =>
        `${name} ya no podrá crear consultorios, invitar a su personal ni revisar aplicaciones. Las invitaciones que envió dejan de funcionar.`,
      ownTitle: '¿Dejar de ser administrador?',
      ownText:
        'Usted ya no podrá crear consultorios, invitar a su personal ni revisar aplicaciones. Las invitaciones que envió dejan de funcionar. Solo otro administrador puede invitarle de nuevo.',
      retained:
        'La cuenta se conserva, con sus funciones en los consultorios. El registro de auditoría conserva sus entradas.',
      button: 'Quitar como administrador',
      keep: terms.cancel,
    },
  },
};
