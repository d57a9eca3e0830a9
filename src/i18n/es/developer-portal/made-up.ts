import type { WebMessages } from '../../en/web.ts';

export const madeUp: WebMessages['madeUp'] = {
  title: 'Todo aquí es ficticio',
  text: 'Esta organización, sus aplicaciones y sus dos semanas de actividad no son reales. Solo este navegador ve los cambios que usted haga. Se borran después de un día sin uso. No se envía ningún correo. Las credenciales de estas aplicaciones no funcionan. Para usar la API, cree su propia cuenta de desarrollador.',
  startOver: 'Empezar de nuevo',
  startOverQuestion: '¿Borrar sus cambios y recibir nuevas aplicaciones ficticias?',
  startedOver: 'Sus cambios se borraron.',
  noData: 'Esta aplicación es ficticia: nadie puede iniciar sesión en ella y no puede leer datos.',
  logo: 'Las aplicaciones ficticias no pueden tener un logotipo.',
  organisation: 'En el entorno de pruebas, no puede invitar a personas, salir de esta organización ni crear otra.',
};
