import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';

const count = (unread: number): string => (unread >= 100 ? '99+' : formatNumber(unread));
const of = (version: number | null): string => (version === null ? '' : ` (versión ${version})`);

export const notifications: WebMessages['notifications'] = {
  title: 'Notificaciones',
  lead: 'Lo que cambió en las aplicaciones de su organización en los últimos 90 días.',
  link: (unread) => (unread === 0 ? 'Notificaciones' : `Notificaciones: ${count(unread)} sin leer`),
  badge: count,
  empty: {
    title: 'Todavía no hay notificaciones',
    text: 'Aquí ve cuándo se revisa una aplicación, cuándo está por vencer un secreto y cuándo una aplicación tiene más errores de lo habitual.',
  },
  texts: {
    verified: (app, version) => `Se verificó quién desarrolla ${app}${of(version)}`,
    approved: (app, version) => `${app}${of(version)} está aprobada`,
    rejected: (app, version) => `${app}${of(version)} no está aprobada`,
    asked: (app, version) => `Hay una pregunta de la revisión sobre ${app}${of(version)}`,
    suspended: (app) => `${app} está suspendida`,
    resumed: (app) => `${app} funciona de nuevo`,
    retired: (app) => `${app} está retirada`,
    'secret-expiring': (app) => `Está por vencer un secreto de ${app}`,
    'errors-rising': (app) => `${app} tiene más errores de lo habitual`,
  },
  actions: {
    verified: 'Ver la revisión',
    approved: 'Abrir la página de la aplicación',
    rejected: 'Leer el motivo y corregirla',
    asked: 'Responder la pregunta',
    suspended: 'Leer el motivo',
    resumed: 'Abrir la página de la aplicación',
    retired: 'Leer el motivo',
    'secret-expiring': 'Cambiar el secreto',
    'errors-rising': 'Ver las solicitudes rechazadas',
  },
  secret: (name, day) => `${name} vence el ${day}.`,
  errors: ({ period, errors, percent, usualPercent }) =>
    `${counts.errors(errors)} en ${period === 'hour' ? 'una hora' : '24 horas'}: falló el ${formatNumber(percent)} % de las solicitudes. En las dos semanas anteriores fue el ${formatNumber(usualPercent)} %.`,
  isNew: 'Nueva',
  markRead: 'Marcar como leída',
  markReadOf: (text) => `Marcar como leída: ${text}`,
  markAllRead: 'Marcar todas como leídas',
  emails: {
    title: 'Correos',
    lead: 'También recibe estas por correo. Siempre le escribimos cuando una aplicación se suspende o se retira.',
    madeUpAddress: 'Su dirección ficticia no recibe correo. Las notificaciones aparecen solo aquí.',
    topics: {
      review: 'Pasos y decisiones de una revisión, y preguntas',
      secrets: 'Secretos que vencen en los próximos 14 días',
      errors: 'Más errores de lo habitual',
    },
    saved: 'Su elección se guardó.',
  },
};
