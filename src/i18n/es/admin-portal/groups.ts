import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';

export const groups: WebMessages['groups'] = {
  title: 'Grupos de pacientes',
  lead: 'Pacientes de un consultorio que las aplicaciones de servidor exportan juntos, como Group/{id}/$export. Usted ve cuántos hay en un grupo y no quiénes son: los pacientes se nombran por su identificador.',
  newGroup: 'Grupo nuevo',
  practice: 'Consultorio',
  anyPractice: 'Todos los consultorios',
  name: 'Nombre',
  nameHint: 'Las aplicaciones del consultorio lo ven.',
  members: 'A quién incluye',
  everyone: 'Todos los pacientes del consultorio, sean quienes sean en cada momento',
  some: 'Los pacientes que se nombran aquí',
  patients: 'Identificadores de pacientes',
  patientsHint: 'Patient.id, uno por línea. Todos tienen que ser pacientes del consultorio. Después puede agregar más.',
  create: 'Crear el grupo',
  created: (name) => `Se creó ${name}.`,
  none: {
    title: 'Sin grupos',
    text: 'Con un grupo, una aplicación exporta los pacientes que le corresponden, y no todos los de un consultorio. Cree el primero.',
  },
  noneHere: { title: 'Aquí no hay grupos', text: 'Este consultorio no tiene ninguno. Elija otro, o cree uno.' },
  count: counts.patients,
  all: 'Todos',
  since: (when) => `Cambió el ${when}`,
  change: 'Cambiar los miembros',
  changeOf: (name) => `Cambiar los miembros: ${name}`,
  add: 'Agregar',
  addHint: 'Patient.id, uno por línea. Todos tienen que ser pacientes del consultorio.',
  removeMembers: 'Quitar',
  removeMembersHint: 'Patient.id, uno por línea. Quien no está en el grupo se pasa por alto.',
  changed: (added, removed) =>
    `${formatNumber(added)} ${plural(added, { one: 'agregado', many: 'agregados', other: 'agregados' })}, ${formatNumber(removed)} ${plural(removed, { one: 'quitado', many: 'quitados', other: 'quitados' })}.`,
  remove: 'Eliminar',
  removeOf: (name) => `Eliminar: ${name}`,
  removeText:
    'Las exportaciones de este grupo que están en curso terminan, y a las aplicaciones que lo pidan se les dice que no existe. Los pacientes y sus expedientes se quedan.',
  removed: (name) => `Se eliminó ${name}.`,
};
