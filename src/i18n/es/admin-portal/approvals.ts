import type { AdminWebMessages } from '../../en/admin-web.ts';
import { approvalActions } from '../approval-actions.ts';

export const approvals: AdminWebMessages['approvals'] = {
  title: 'Aprobaciones',
  lead: 'Algunas acciones necesitan dos administradores. Uno las solicita y otro las aprueba dentro de 24 horas. Todos los administradores reciben un correo.',
  actions: approvalActions,
  pending: 'Esperan aprobación',
  none: {
    title: 'Nada por aprobar',
    text: 'Aquí aparece lo que solicita otro administrador. También recibirá un correo.',
  },
  only: 'Usted es el único administrador, así que sus acciones tienen efecto de inmediato. Invite a otro administrador para que decidan dos personas.',
  askedBy: (who, at) => `Solicitado por ${who}, ${at}`,
  askedByYou: (at) => `Solicitado por usted, ${at}. Otro administrador debe aprobarlo.`,
  expires: (at) => `Vence ${at}`,
  reason: 'Motivo',
  noReason: 'Sin motivo',
  approve: 'Aprobar…',
  reject: 'Rechazar…',
  withdraw: 'Retirar…',
  confirm: {
    approve: {
      title: '¿Aprobar y ejecutar esta acción?',
      text: 'Tiene efecto ahora.',
      button: 'Aprobar y ejecutar',
    },
    reject: {
      title: '¿Rechazar esta solicitud?',
      text: 'Nada cambia. El administrador puede solicitarlo de nuevo.',
      button: 'Rechazar la solicitud',
    },
    withdraw: {
      title: '¿Retirar su solicitud?',
      text: 'Nada cambia. Puede solicitarlo de nuevo.',
      button: 'Retirar la solicitud',
    },
  },
  done: {
    approved: 'Aprobado. La acción está hecha.',
    rejected: 'Solicitud rechazada. Nada cambió.',
    withdrawn: 'Solicitud retirada. Nada cambió.',
  },
  recent: 'Últimos 30 días',
  states: { approved: 'Aprobado', rejected: 'Rechazado', withdrawn: 'Retirado', expired: 'Vencido' },
  certificate: 'Descargar certificado',
  decidedBy: (who, at) => `${who}, ${at}`,
  requested: {
    title: 'Espera a un segundo administrador',
    text: (until) => `Todavía no cambió nada. Otro administrador debe aprobarlo antes de: ${until}.`,
    link: 'Ver las aprobaciones',
  },
  mayWait: 'Si hay otro administrador, debe aprobarlo primero. Todos los administradores reciben un correo.',
  atOnce: 'Tiene efecto de inmediato. Todos los administradores reciben un correo.',
  reasonField: 'Motivo (opcional)',
  reasonHint: 'Todos los administradores lo reciben por correo. No escriba nada sobre pacientes.',
};
