import type { WebMessages } from '../../en/web.ts';

export const madeUp: WebMessages['madeUp'] = {
  title: 'Todo aquí es ficticio',
  text: 'Esta organización, sus aplicaciones y sus dos semanas de actividad no son reales. Solo este navegador ve lo que usted cambia, y no se envía ningún correo. Sus cambios se borran después de un día sin uso. Nadie puede iniciar sesión en estas aplicaciones, y sus secretos no funcionan. Para usar la API con su propia aplicación, regístrese como desarrollador.',
  startOver: 'Empezar de nuevo',
  startOverQuestion: '¿Borrar sus cambios y recibir nuevas aplicaciones ficticias?',
  startedOver: 'Sus cambios se borraron.',
  logo: 'Las aplicaciones ficticias no pueden tener un logotipo.',
  organisation: 'En el entorno de pruebas, no puede invitar a personas, salir de esta organización ni crear otra.',
};
