import type { AdminWebMessages } from '../../en/admin-web.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';

export const groups: AdminWebMessages['groups'] = {
  title: 'Grupos de pacientes',
  lead: 'Una aplicación de servidor exporta juntos a los pacientes de un grupo (Group/{id}/$export). Esta página muestra cuántos pacientes hay en un grupo, pero no quiénes son.',
  newGroup: 'Grupo nuevo',
  practice: 'Consultorio',
  anyPractice: 'Todos los consultorios',
  name: 'Nombre',
  nameHint: 'Las aplicaciones del consultorio ven este nombre.',
  members: 'Miembros',
  everyone: 'Todos los pacientes actuales del consultorio',
  some: 'Solo los pacientes de esta lista',
  patients: 'Identificadores de pacientes',
  patientsHint: 'Un Patient.id por línea. Todos deben ser pacientes del consultorio. Después puede agregar más.',
  create: 'Crear grupo',
  created: (name) => `Se creó el grupo «${name}».`,
  none: {
    title: 'Sin grupos',
    text: 'Con un grupo, una aplicación exporta solo a ciertos pacientes y no a todos los de un consultorio. Cree el primer grupo.',
  },
  noneHere: { title: 'Sin grupos', text: 'Este consultorio no tiene grupos. Elija otro consultorio o cree un grupo.' },
  count: counts.patients,
  all: 'Todos los pacientes',
  since: (when) => `Cambió el ${when}`,
  change: 'Cambiar los miembros',
  changeOf: (name) => `Cambiar los miembros: ${name}`,
  add: 'Agregar pacientes',
  addHint: 'Un Patient.id por línea. Todos deben ser pacientes del consultorio.',
  removeMembers: 'Quitar pacientes',
  removeMembersHint: 'Un Patient.id por línea. No se toman en cuenta los pacientes que no están en el grupo.',
  changed: (added, removed) =>
    `${formatNumber(added)} ${plural(added, { one: 'agregado', many: 'agregados', other: 'agregados' })}, ${formatNumber(removed)} ${plural(removed, { one: 'quitado', many: 'quitados', other: 'quitados' })}.`,
  remove: 'Eliminar grupo',
  removeOf: (name) => `Eliminar grupo: ${name}`,
  removeText:
    'Se cancelan las exportaciones en curso de este grupo, y las aplicaciones reciben el error «no encontrado». Los pacientes y sus expedientes no cambian.',
  removed: (name) => `Se eliminó el grupo «${name}».`,
};
