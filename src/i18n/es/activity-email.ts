import type { Messages } from '../en/index.ts';

export const activityEmails: Messages['activityEmails'] = {
  firstCall: ({ person, app, live, at, log, usage }) => ({
    subject: `${app} recibió sus primeros datos`,
    text: `Hola, ${person}:

${app} hizo su primera llamada con éxito: pidió datos y los recibió.

Cuándo: ${at}
De quién son los datos: ${live ? 'de un paciente real. Desde ahora hay personas que confían en su aplicación.' : 'de un paciente de prueba, del entorno de pruebas.'}

Cada solicitud y, si fue rechazada, por qué: ${log}
Llamadas, errores y hasta dónde llegan las personas: ${usage}

Este mensaje llega una sola vez por aplicación.`,
  }),
};
