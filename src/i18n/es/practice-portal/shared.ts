import type { Messages } from '../../en/index.ts';
import { terms } from '../terms.ts';

export const shared: Messages['practicePortal']['shared'] = {
  nav: {
    label: (practice) => `Páginas del personal de ${practice}`,
    patients: 'Pacientes',
    launch: 'Abrir una aplicación',
    search: 'Buscar un paciente',
    apps: 'Aplicaciones',
    disclosures: 'Accesos a datos',
    feeds: 'Datos recibidos',
    settings: 'Consultorio',
    staff: 'Personal',
  },
  roles: {
    clinician: 'profesional de salud',
    'front-desk': 'recepción',
    'privacy-officer': 'oficial de privacidad',
    administrator: 'administrador del consultorio',
  },
  noRole: 'sin función',
  born: (date) => `nació el ${date}`,
  save: terms.save,
  cancel: terms.cancel,
};
