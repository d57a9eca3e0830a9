import type { Messages } from '../en/index.ts';
import { approvalActions } from './approval-actions.ts';

export const approvalEmails: Messages['approvalEmails'] = {
  greeting: (name) => `Hola, ${name}:`,
  actions: approvalActions,
  subjects: {
    requested: (what) => `Falta una aprobación: ${what}`,
    approved: (what) => `Aprobado y hecho: ${what}`,
    rejected: (what) => `Rechazado: ${what}`,
    withdrawn: (what) => `Retirado: ${what}`,
    alone: (what) => `Hecho: ${what}`,
    'at-once': (what) => `Hecho: ${what}`,
    'first-approval': (what) => `Falta una aprobación: ${what}`,
    'second-approval': (what) => `Aprobado y hecho: ${what}`,
    operator: (what) => `Hecho: ${what}`,
  },
  reason: (reason) => `Motivo: ${reason}`,
  events: {
    requested: ({ who, until }) =>
      `${who} lo solicita. Otro administrador debe aprobarlo antes del ${until}. Hasta entonces, nada cambia.`,
    approved: ({ who, decider }) => `${who} lo solicitó y ${decider} lo aprobó. Ya está hecho.`,
    rejected: ({ who, decider }) => `${who} lo solicitó y ${decider} lo rechazó. Nada cambió.`,
    withdrawn: ({ who }) => `${who} lo solicitó y retiró la solicitud. Nada cambió.`,
    alone: ({ who }) => `${who} lo hizo. Nadie más tuvo que aprobarlo, porque no hay otro administrador.`,
    'at-once': ({ who }) =>
      `${who} lo hizo. Tuvo efecto de inmediato, sin un segundo administrador, porque pone fin a un acceso.`,
    'first-approval': ({ who }) => `${who} dio la primera aprobación. Otro administrador también debe aprobarlo.`,
    'second-approval': ({ who }) => `${who} dio la segunda aprobación. Ya está hecho.`,
    operator:
      'Un operador de este servidor lo hizo en la línea de comandos, donde no hace falta un segundo administrador.',
  },
  review: 'Revisar la solicitud',
  toReview: 'Apruébelo o rechácelo aquí:',
  auditLog: 'Abrir el registro de auditoría',
  unexpected: 'Si no lo esperaba, hable con los demás administradores y revise el registro de auditoría:',
};
