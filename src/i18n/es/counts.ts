import type { counts as english } from '../en/counts.ts';
import { counter } from './plural.ts';

export const counts: typeof english = {
  accounts: counter('cuenta', 'cuentas'),
  addresses: counter('dirección', 'direcciones'),
  apps: counter('aplicación', 'aplicaciones'),
  brands: counter('marca', 'marcas'),
  businessDays: counter('día hábil', 'días hábiles'),
  calls: counter('llamada', 'llamadas'),
  days: counter('día', 'días'),
  encounters: counter('visita', 'visitas'),
  entries: counter('entrada', 'entradas'),
  errors: counter('error', 'errores'),
  letters: counter('carta', 'cartas'),
  lines: counter('línea', 'líneas'),
  minutes: counter('minuto', 'minutos'),
  newRequests: counter('solicitud nueva', 'solicitudes nuevas'),
  patients: counter('paciente', 'pacientes'),
  people: counter('persona', 'personas'),
  practices: counter('consultorio', 'consultorios'),
  recordEntries: counter('anotación', 'anotaciones'),
  resources: counter('recurso', 'recursos'),
  tokens: counter('token', 'tokens'),
  unknownNames: counter('nombre desconocido', 'nombres desconocidos'),
  values: counter('valor', 'valores'),
  warnings: counter('advertencia', 'advertencias'),
  years: counter('año', 'años'),
};
