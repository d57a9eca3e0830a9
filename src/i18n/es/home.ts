import { html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const home: Messages['home'] = {
  title: 'Inicio',
  heading: 'Su expediente médico, en la aplicación que usted elija',
  lead: 'Usted decide qué aplicaciones pueden ver su expediente médico, qué ven y por cuánto tiempo.',
  patients: 'Para pacientes y cuidadores',
  account: 'Ir a su cuenta',
  accountHint: 'Vea su expediente, las aplicaciones que pueden leerlo y quién lo ha consultado.',
  enroll: '¿Recibió una carta o un correo de su consultorio?',
  enrollHint: 'Para crear su cuenta, escriba el código de la carta o abra el enlace del correo.',
  noLetter: '¿No tiene una carta? Pida a su consultorio que le invite.',
  sandbox: {
    title: 'Pruebe la demostración',
    start: 'Pruébelo como paciente, en un consultorio, como desarrollador o como administrador',
    textHtml: html`La <a href="/demo">aplicación de demostración</a> se conecta al expediente de un paciente de prueba. Inicie sesión como <code>patientapitest</code> con <code>Password1!</code>`,
  },
  practices: {
    title: 'Para el personal de los consultorios',
    portal: 'Ir al portal del consultorio',
    portalText: 'Inscriba pacientes, abra una aplicación desde un expediente y vea quién leyó qué.',
  },
  developers: {
    title: 'Para desarrolladores de aplicaciones',
    portal: terms.goToDeveloperPortal,
    portalText: 'Regístrese, agregue su aplicación y lea los datos de un paciente de prueba.',
    addresses: 'Direcciones de la API',
    docs: terms.documentation,
    explorer: 'Explorador de la API',
    authorization: terms.authorizationServer,
  },
  administrators: {
    title: 'Para administradores de este servidor',
    administration: 'Ir a la administración',
    administrationText: 'Cree consultorios e invite a su personal.',
    review: 'Ir a la revisión',
    reviewText: 'Apruebe aplicaciones, lea el registro de auditoría y administre las claves.',
  },
};
