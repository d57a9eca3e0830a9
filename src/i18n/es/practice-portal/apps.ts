import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';

export const apps: Messages['practicePortal']['apps'] = {
  title: 'Aplicaciones que usan los pacientes',
  lead: (practice) =>
    `Aplicaciones que ahora tienen acceso a expedientes, porque lo permitieron pacientes de ${practice} o sus representantes.`,
  none: 'Todavía no hay aplicaciones conectadas.',
  toReportHtml: (path) =>
    html`Para ver de qué pacientes leyó datos una aplicación, abra el <a href="${path}">Informe de acceso a datos</a>.`,
  patients: counts.patients,
  countedAt: (at) =>
    `Las aplicaciones y los pacientes se contaron el ${at}. Se cuentan cada hora. La hora de la última lectura está al día.`,
  notCounted: 'Todavía no se han contado los pacientes de este consultorio. Se cuentan cada hora.',
  since: (day) => `Desde el ${day}`,
  noDataRead: 'aún no ha leído datos',
  lastRead: (at) => `última lectura: ${at}`,
  verifiedDeveloper: (name) => `Desarrollador: ${name}, verificado`,
  unverifiedDeveloper: (name) => `Desarrollador: ${name}, sin verificar`,
  unknownDeveloper: 'Desarrollador desconocido',
  sharedAccountNote:
    'Esta es una cuenta de prueba compartida. Usted ve solo las aplicaciones que se conectaron en este navegador.',
};
