import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber } from './plural.ts';

export const activityEmails: Messages['activityEmails'] = {
  firstCall: ({ person, app, live, at, log, usage }) => ({
    subject: `${app} recibió sus primeros datos`,
    text: `Hola, ${person}:

${app} hizo su primera solicitud correcta y recibió datos.

Cuándo: ${at}
De quién son los datos: ${live ? 'de un paciente real. Ya hay personas que confían en su aplicación.' : 'de un paciente de prueba, en el entorno de prueba.'}

Todas las solicitudes y por qué se rechazó alguna: ${log}
Llamadas, errores y embudo de autorización: ${usage}

Enviamos este correo una sola vez por aplicación.`,
  }),
  errorsRising: ({ app, period, errors, percent, usualPercent, log }) => ({
    subject: `${app} tiene más errores de lo habitual`,
    text: `En ${period === 'hour' ? 'la última hora' : 'las últimas 24 horas'} hubo ${counts.errors(errors)} en ${app}: falló el ${formatNumber(percent)} % de sus solicitudes. En las dos semanas anteriores fue el ${formatNumber(usualPercent)} %.

Vean qué solicitudes se rechazaron y por qué:
${log}

Enviamos este correo como máximo una vez al día por aplicación.`,
    button: { label: 'Ver las solicitudes rechazadas', url: log },
  }),
  turnOff: (page) => `Elijan cuáles de estos correos reciben: ${page}`,
};
