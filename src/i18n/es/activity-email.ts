import type { Messages } from '../en/index.ts';

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
};
