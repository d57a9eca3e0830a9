import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';
import { plural } from '../plural.ts';
import { terms } from '../terms.ts';

export const launcher: Messages['practicePortal']['launcher'] = {
  title: 'Abrir una aplicación para un paciente',
  resultsTitle: (words) => `Pacientes: ${words}`,
  practicePortal: 'Portal del consultorio',
  search: {
    label: 'Buscar un paciente',
    hint: 'Parte del nombre, la fecha de nacimiento (mes/día/año, como 7/4/1974) o el número de expediente (MRN).',
    button: 'Buscar',
  },
  noPatients: {
    title: 'No hay pacientes',
    text: 'Usted todavía no tiene pacientes.',
    textOfSearch: (words) => `Ninguno de sus pacientes coincide con «${words}».`,
  },
  found: counts.patients,
  firstFound: (count) =>
    `${plural(count, { one: 'El primer', many: 'Los primeros', other: 'Los primeros' })} ${counts.patients(count)}`,
  more: 'Puede haber más pacientes. Agregue una palabra para reducir la búsqueda.',
  bornHtml: (date, practice) => html`Nació el <span class="date">${date}</span>, ${practice}`,
  backToChart: (patient) => `Volver al expediente de ${patient}`,
  otherPatient: 'Elegir otro paciente',
  titleFor: (patient) => `Abrir una aplicación para ${patient}`,
  noApps:
    'No hay aplicaciones para abrir con este paciente. Su administrador puede registrar una aplicación para el personal con una URL de inicio.',
  app: terms.app,
  provisional: 'Todavía no está aprobada. Solo puede ver pacientes de prueba.',
  visit: 'Visita',
  visitHint:
    'Está elegida la visita que estaba abierta, la que está en curso o la próxima prevista. Si no hay ninguna, es la última visita.',
  noVisit: 'Ninguna visita en particular',
  visitStates: { planned: 'prevista', 'in-progress': 'en curso', unknown: 'estado desconocido' },
  noDate: 'Sin fecha',
  visitOfNoKind: 'visita',
  banner: 'Mostrar el nombre del paciente en la aplicación',
  bannerHint: 'La aplicación muestra arriba de quién es el expediente abierto.',
  advanced: 'Opciones avanzadas (casi nunca se necesitan)',
  advancedHint: 'Déjelas en blanco, a menos que la persona que configuró la aplicación le haya dado valores.',
  intent: 'Tarea inicial',
  intentHint: 'Una palabra clave que la aplicación reconoce, como reconcile-medications.',
  focus: 'Anotación inicial del expediente',
  focusHint: 'Su tipo y su identificador, como Condition/123 para un diagnóstico.',
  button: 'Abrir la aplicación',
  errors: {
    app: 'Elija una aplicación para abrir',
    encounter: 'Elija una visita de la lista, o ninguna',
    intent: 'Use como máximo 100 letras, números, guiones y guiones bajos para la tarea',
    focus: 'Escriba el tipo y el identificador de una anotación del expediente de este paciente, como Condition/123',
  },
  staffOnly: {
    tabTitle: 'Solo para el personal',
    title: 'Esta página es para el personal',
    textHtml: (name) =>
      html`Aquí el personal del consultorio abre aplicaciones para sus pacientes. Usted inició sesión como <b>${name}</b>, que es una cuenta de paciente.`,
    linksHtml: (switchAccountPath) =>
      html`<a href="${switchAccountPath}">Inicie sesión con otra cuenta</a> o <a href="/">vaya a la página de inicio</a>.`,
  },
};
