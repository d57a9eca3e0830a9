import { html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const sandboxStart: Messages['sandboxStart'] = {
  title: 'Entorno de pruebas',
  heading: 'Pruebe Patient Access',
  lead: 'Con Patient Access, los pacientes comparten su expediente médico con las aplicaciones que elijan. Usted lo instala en su propio servidor. Todas las personas y los consultorios de este sitio son ficticios.',
  usernameHtml: (username) => html`Usuario <code>${username}</code>`,
  passwordHtml: (password) => html`La contraseña de cada cuenta es <code>${password}</code>`,
  roles: {
    patient: {
      title: 'Paciente',
      tries: [
        'Lea un expediente médico y los resultados de pruebas.',
        'Conecte una aplicación y elija qué puede ver.',
        'Vea quién leyó el expediente y desconecte una aplicación.',
      ],
      button: 'Entrar como paciente',
    },
    staff: {
      title: 'Personal del consultorio',
      tries: ['Inscriba pacientes y vea quién leyó qué.', 'Abra una aplicación desde el expediente de un paciente.'],
      deskButton: 'Entrar como recepción',
      clinicianButton: 'Entrar como médico',
    },
    developer: {
      title: 'Desarrollador',
      tries: [
        'Llame a la API sin una cuenta.',
        'Registre una aplicación y obtenga un ID de cliente.',
        'Vea las solicitudes y los errores de su aplicación.',
      ],
      button: 'Entrar como desarrollador',
      explorer: 'Abrir el explorador',
      signUp: 'Crear cuenta de desarrollador',
      noEmailNeeded: 'Usted recibe una dirección de correo ficticia.',
    },
    administrator: {
      title: 'Administrador',
      tries: ['Revise las aplicaciones nuevas.', 'Confirme quién hace cada una.', 'Vea cómo funcionan.'],
      button: 'Entrar como administrador',
    },
  },
  addresses: 'Direcciones de la API',
  copyAddress: (name) => `Copiar la dirección de ${name}`,
  tools: 'Herramientas',
  explorer: 'Explorador de la API',
  demo: 'Aplicación de demostración',
  gallery: 'Aplicaciones de ejemplo',
  docs: terms.documentation,
  replaceSession: {
    title: '¿Salir de su cuenta?',
    text: (name) =>
      `Usted inició sesión como ${name}. Si continúa, se cerrará esa sesión. Después entrará a una cuenta compartida del entorno de pruebas.`,
    button: 'Cerrar sesión y continuar',
  },
};
