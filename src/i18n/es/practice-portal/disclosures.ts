import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';
import { terms } from '../terms.ts';

export const disclosures: Messages['practicePortal']['disclosures'] = {
  title: 'Informe de acceso a datos',
  lead: 'Elija una aplicación y un período para ver de qué pacientes leyó datos la aplicación. Su búsqueda queda en el registro de auditoría.',
  app: terms.app,
  chooseApp: 'Elija una aplicación',
  from: 'Desde',
  through: 'Hasta',
  timesHint: (zone) => `Zona horaria del consultorio: ${zone}. El período puede ser de un año como máximo.`,
  button: 'Mostrar informe',
  errors: {
    app: 'Elija una aplicación',
    from: 'Escriba la fecha y la hora iniciales',
    to: 'Escriba la fecha y la hora finales',
    order: 'El final debe ser posterior al inicio',
    period: 'El período puede ser de un año como máximo',
  },
  nothingRead: (app) => `${app} no leyó datos de sus pacientes en este período`,
  tryLonger: 'Elija otra aplicación o un período más largo.',
  readData: (app, patients) => `${app} leyó datos de ${counts.patients(patients)}`,
  download: 'Descargar todo como CSV',
  tooLarge: (patients) => `El resultado tiene más de ${counts.patients(patients)}. Elija un período más corto.`,
  columns: { patient: 'Paciente', data: 'Datos', firstRead: 'Primera lectura', lastRead: 'Última lectura' },
  noName: 'Sin nombre',
};
