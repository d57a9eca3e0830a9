import { html, joinHtml } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';

export const staffConsent: Messages['practicePortal']['staffConsent'] = {
  search: {
    title: (app) => `Elija al paciente para abrir en ${app}`,
    field: 'Buscar a un paciente',
    hint: 'Una parte del nombre, la fecha de nacimiento (mes/día/año, por ejemplo 7/4/1974) o el número de expediente (MRN).',
    button: 'Buscar',
    legend: 'Elija a un paciente',
    more: 'Es posible que haya más pacientes. Agregue una palabra para limitar la búsqueda.',
    none: 'Usted no tiene pacientes con los que abrir esta aplicación.',
    noMatch: (words) =>
      `Ninguno de sus pacientes coincide con «${words}». Revise la ortografía o busque por fecha de nacimiento.`,
  },
  title: (app) => `¿Abrir ${app}?`,
  titleForPatient: (app, patient) => `¿Abrir ${app} con el expediente de ${patient}?`,
  patientHtml: (name, born, practice) =>
    html`<b>${name}</b>${born === undefined ? '' : html` (nacimiento: <span class="date">${born}</span>)`}, ${practice}`,
  visitHtml: (visit) => html`Visita: <b>${visit}</b>`,
  wrongPatient: 'Si no es el paciente correcto, regrese y elija a otro.',
  allPatientsHtml: (practices) =>
    html`Esta aplicación pide los expedientes de <b>todos los pacientes</b> de ${joinHtml(
      practices.map((name) => html`<b>${name}</b>`),
      ' y ',
    )}, no solo de un paciente.`,
  canSee: (app) => `Lo que ${app} puede ver`,
  leavesHtml: (address) => html`Después de responder, usted va a <b>${address}</b>.`,
};
