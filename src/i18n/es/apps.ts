import type { Messages } from '../en/index.ts';

export const appForm: Messages['appForm'] = {
  apis: { r4: 'FHIR R4 con US Core', dstu2: 'FHIR DSTU2 con los nombres de Argonaut' },
  scopes: {
    openid: { label: 'Usuario que inició sesión', hint: 'Un token de identidad que identifica al usuario.' },
    profile: { label: 'Nombre del usuario', hint: 'Se incluye en la respuesta con los datos del usuario.' },
    fhirUser: {
      label: 'Recurso FHIR del usuario',
      hint: 'El recurso FHIR que representa al usuario que inició sesión.',
    },
    'launch/patient': {
      label: 'Paciente',
      hint: 'La respuesta con el token incluye el identificador del paciente.',
    },
    launch: {
      label: 'Abrir desde el expediente',
      hint: 'La aplicación se abre para el paciente que el personal está viendo.',
    },
    'launch/encounter': {
      label: 'Visita',
      hint: 'La respuesta con el token incluye el identificador de la visita que el personal está viendo.',
    },
    offline_access: {
      label: 'Acceso cuando el usuario no está',
      hint: 'Los tokens de actualización son válidos por 93 días desde su último uso. Lo decide el usuario.',
    },
    online_access: {
      label: 'Acceso mientras el usuario tiene la sesión abierta',
      hint: 'Los tokens de actualización son válidos hasta que el usuario cierre la sesión, 12 horas como máximo.',
    },
  },
  lifetimes: { 30: '30 días', 90: '90 días', 180: '180 días', 365: 'Un año', never: 'Hasta que usted lo termine' },
  preview: { person: 'Alex Ejemplo', practice: 'Consultorio Familiar de Ejemplo' },
  expiringSecretEmail: ({ app, secret, day, page }) => ({
    subject: `Un secreto de cliente de ${app} vence el ${day}`,
    text: `El secreto de cliente «${secret}» de ${app} vence el ${day}. Después de esa fecha, se rechazan las solicitudes que lo usen.

Dos secretos pueden ser válidos al mismo tiempo, así que puede cambiarlos sin interrupciones. Cree un segundo secreto, agréguelo a su aplicación y después revoque el primero.
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
};
