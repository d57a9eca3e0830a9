import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const problems: Messages['problems'] = {
  unknown: 'No funcionó',
  titles: {
    'unknown-client': 'Esta aplicación no se puede usar aquí',
    'redirect-mismatch': 'La URI de redirección de la aplicación es incorrecta',
    'form-expired': 'Esta página venció',
    'not-found': 'No encontramos esa página',
    'wrong-account': 'Esta página es para otra cuenta',
    'not-in-sandbox': terms.notInSandbox,
    'role-missing': 'Su función no incluye esta página',
    'link-over': 'Este enlace ya no funciona',
    'not-changeable': 'Esta cuenta no se puede cambiar',
    internal: 'Algo falló de nuestro lado',
  },
  messages: {
    'form-expired':
      'Pasó mucho tiempo desde que abrió esta página, o su navegador no acepta cookies. Regrese, cargue la página de nuevo e inténtelo otra vez.',
    'sign-in-needed': 'No ha iniciado sesión. Inicie sesión e inténtelo otra vez.',
    'wrong-account':
      'Esta página no es para la cuenta con la que inició sesión. Cierre la sesión e inicie otra con la cuenta correcta.',
    'not-in-sandbox':
      'El administrador del entorno de pruebas solo puede revisar aplicaciones ficticias. Para administrar el servidor necesita su propia cuenta.',
    'role-missing': 'Su función en el consultorio no incluye esta página. Hable con el administrador del consultorio.',
    'link-over':
      'El enlace ya se usó, venció o se canceló. Si lo usó usted, inicie sesión. Si no, pida uno nuevo a la persona que le invitó.',
    'not-changeable': 'Esta es una cuenta de prueba compartida. No se puede cambiar, bloquear ni cerrar.',
    'not-found': 'No hay nada en esta dirección, o ya no está. Revise la dirección o vaya a la página de inicio.',
    'too-many-attempts': 'Hubo demasiados intentos desde su red. Espere unos 15 minutos e inténtelo de nuevo.',
    'bad-request': 'No pudimos leer lo que se envió. Regrese e inténtelo de nuevo.',
    'too-large': 'Lo que se envió es demasiado grande.',
    unavailable: 'El servidor no puede responder en este momento. Inténtelo de nuevo en unos segundos.',
    internal: 'Algo falló de nuestro lado. Si habla con nosotros, dé la referencia de abajo.',
  },
  home: 'Ir a la página de inicio',
  status: 'Consultar el estado del servidor',
  switchAccount: 'Iniciar sesión con otra cuenta',
  signIn: terms.signIn,
  toReview: terms.goToReviewQueue,
  help: 'Si habla con nosotros, dé esta referencia:',
  developers: 'Detalles para desarrolladores:',
};
