import type { Messages } from '../../en/index.ts';
import { terms } from '../terms.ts';

export const shared: Messages['practicePortal']['shared'] = {
  nav: {
    label: (practice) => `Páginas del personal de ${practice}`,
    patients: 'Pacientes',
    launch: 'Abrir una aplicación',
    search: 'Buscar un paciente',
    apps: 'Aplicaciones de los pacientes',
    disclosures: 'Informe de acceso a datos',
    settings: 'Configuración del consultorio',
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
