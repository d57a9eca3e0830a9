import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';
import { terms } from '../terms.ts';

export const disclosures: Messages['practicePortal']['disclosures'] = {
  title: 'Informe de acceso a datos',
  lead: 'Vea qué aplicaciones leyeron datos de qué pacientes, y quién las usó. Cada informe que usted abre queda en el registro de auditoría.',
  app: terms.app,
  allApps: 'Todas las aplicaciones',
  from: 'Desde',
  through: 'Hasta',
  timesHint: (zone) =>
    `Los días empiezan y terminan en la zona horaria del consultorio: ${zone}. El período puede ser de un año como máximo para una aplicación, y de 31 días para todas.`,
  button: 'Mostrar informe',
  periodsLabel: 'Mostrar el informe de un período',
  periods: {
    'last-7-days': 'Últimos 7 días',
    'last-14-days': 'Últimos 14 días',
    'last-30-days': 'Últimos 30 días',
    'this-month': 'Este mes',
    'last-month': 'El mes pasado',
    'this-year': 'Este año (una aplicación)',
  },
  customPeriod: 'Otras fechas',
  errors: {
    app: 'Elija una aplicación de la lista',
    from: 'Escriba el primer día',
    to: 'Escriba el último día',
    order: 'El último día no puede ser anterior al primero',
    period: 'El período puede ser de un año como máximo',
    allAppsPeriod:
      'El período para todas las aplicaciones puede ser de 31 días como máximo. Elija una aplicación o un período más corto',
    timeout: 'El informe tardó demasiado. Elija un período más corto',
    allAppsTimeout: 'El informe tardó demasiado. Elija una aplicación o un período más corto',
  },
  nothingRead: (app) => `${app} no leyó datos de sus pacientes en este período`,
  nothingReadByAny: 'Ninguna aplicación leyó datos de sus pacientes en este período',
  tryLonger: 'Elija otra aplicación o un período más largo.',
  readData: {
    all: (app, patients) => `${app} leyó datos de ${counts.patients(patients)}`,
    some: (app, patients) => `${app} leyó datos de ${counts.patients(patients)} o más`,
  },
  readByAll: {
    all: (patients) => `Las aplicaciones leyeron datos de ${counts.patients(patients)}`,
    some: (patients) => `Las aplicaciones leyeron datos de ${counts.patients(patients)} o más`,
  },
  order: 'Cada fila es lo que una persona leyó de un paciente en un día. El día más reciente está primero.',
  page: (page) => `Página ${formatNumber(page)}`,
  earlierReads: 'Lecturas anteriores',
  missing: (time) =>
    `Pueden faltar lecturas posteriores al ${time}, porque todavía se están añadiendo a este informe. Inténtelo de nuevo en unos minutos.`,
  download: 'Descargar todo como CSV',
  tooLarge: (lines) => `El resultado tiene más de ${counts.lines(lines)}. Elija un período más corto.`,
  columns: {
    patient: 'Paciente',
    app: terms.app,
    reader: 'Usada por',
    data: 'Datos',
    firstRead: 'Primera lectura',
    lastRead: 'Última lectura',
  },
  readers: {
    patient: 'Paciente',
    representative: 'Representante',
    staff: 'Miembro del personal',
    person: 'Relación con el paciente no registrada',
    app: 'La propia aplicación, sin una persona',
  },
  unknownReader: 'Cuenta eliminada',
  example: (app) => `${app} (ejemplo)`,
  examplesNote:
    'Este es un entorno de pruebas. Las lecturas de las aplicaciones marcadas como «ejemplo» son ficticias y no están en el registro de auditoría.',
  noName: 'Sin nombre',
};
