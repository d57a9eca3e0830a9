import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';
import { plural } from '../plural.ts';
import { terms } from '../terms.ts';

export const patientList: Messages['practicePortal']['patientList'] = {
  title: 'Pacientes',
  search: {
    label: 'Buscar un paciente',
    hint: 'Nombre, fecha de nacimiento (mes/día/año, como 7/4/1974) o número de expediente (MRN). Combine varios datos para reducir los resultados.',
    button: 'Buscar pacientes',
  },
  inviteMany: 'Invitar a muchos pacientes con un archivo',
  filters: terms.status,
  all: 'Todos',
  statuses: {
    'not-enrolled': 'Sin cuenta',
    invited: 'Con invitación',
    enrolled: 'Con cuenta',
    declined: 'No desea cuenta',
    locked: 'Cuenta bloqueada o acceso terminado',
  },
  invitationExpired: 'Invitación vencida',
  birthDateUnknown: 'desconocida',
  caption: (count, words) =>
    words === ''
      ? counts.patients(count)
      : `${counts.patients(count)} ${plural(count, { one: 'coincide', many: 'coinciden', other: 'coinciden' })} con «${words}»`,
  partialCaption: (count, words) =>
    `Más de ${count} pacientes coinciden con «${words}». Aquí están algunos. Agregue un nombre, una fecha de nacimiento o un MRN para reducir los resultados.`,
  behind: 'Se están agregando pacientes a esta lista. Es posible que falten algunos durante unos minutos.',
  columns: {
    name: 'Nombre',
    birthDate: 'Fecha de nacimiento',
    status: terms.status,
    nextStep: 'Próximo paso',
  },
  nextSteps: { enroll: 'Invitar', inviteAgain: 'Invitar de nuevo', viewInvitation: 'Ver la invitación' },
  pages: 'Páginas',
  firstPage: 'Primera página',
  nextPage: terms.nextPage,
  noMore: { title: 'No hay más pacientes', back: 'Volver a la primera página' },
  empty: {
    title: 'Todavía no hay pacientes',
    text: (practice) =>
      `${practice} todavía no tiene pacientes. Los pacientes aparecen cuando se cargan los expedientes del consultorio.`,
  },
  noMatch: {
    title: 'No se encontró ningún paciente',
    text: (practice, words) =>
      `Ningún paciente de ${practice} coincide con «${words}». Revise la ortografía o busque solo por fecha de nacimiento.`,
    showAll: 'Mostrar todos los pacientes',
  },
  noneWithStatus: {
    title: 'No hay pacientes',
    text: (status) => `Ningún paciente tiene el estado «${status.toLowerCase()}».`,
    textOfSearch: (status, words) =>
      `Ningún paciente que coincide con «${words}» tiene el estado «${status.toLowerCase()}».`,
    showAll: 'Mostrar pacientes con cualquier estado',
  },
};
