import type { Messages } from '../en/index.ts';

export const problems: Messages['problems'] = {
  unknown: 'No funcionó',
  titles: {
    'unknown-client': 'Esta aplicación no se puede usar aquí',
    'redirect-mismatch': 'La dirección de retorno de la aplicación es incorrecta',
    'form-expired': 'Esta página caducó',
    'not-found': 'Aquí no hay nada',
    'wrong-account': 'Esta página es para otra persona',
    'role-missing': 'Esto no es parte de su función',
    'link-over': 'Este enlace ya no se puede usar',
    'not-changeable': 'Esta cuenta no se puede cambiar',
    internal: 'Algo falló de nuestro lado',
  },
  messages: {
    'form-expired':
      'Esta página estuvo abierta demasiado tiempo, o las cookies están desactivadas. Vuelva atrás, cargue la página de nuevo e inténtelo otra vez.',
    'sign-in-needed': 'No ha iniciado sesión. Inicie sesión y vuelva a hacerlo.',
    'wrong-account':
      'Esta página no es para la cuenta con la que inició sesión. Cierre la sesión e inicie otra con la cuenta correcta.',
    'role-missing': 'Su función en el consultorio no incluye esta página. Pregunte al administrador del consultorio.',
    'link-over': 'El enlace ya se usó, caducó o se anuló. Pida uno nuevo.',
    'not-changeable': 'Esta es una cuenta de prueba que todos pueden usar: no se puede cambiar, bloquear ni cerrar.',
    'not-found':
      'Ninguna página tiene esta dirección, o lo que había ya no está. Revísela o empiece en la página de inicio.',
    'too-many-attempts': 'Hubo demasiados intentos desde aquí. Espere unos 15 minutos e inténtelo de nuevo.',
    'bad-request': 'No se pudo leer lo que se envió. Vuelva atrás e inténtelo de nuevo.',
    'too-large': 'Lo que se envió es demasiado grande.',
    unavailable: 'El servidor no puede responder en este momento. Inténtelo de nuevo en unos segundos.',
    internal: 'Algo falló de nuestro lado. Dé al operador el número de abajo.',
  },
  help: 'Si pide ayuda, dé este número:',
};
