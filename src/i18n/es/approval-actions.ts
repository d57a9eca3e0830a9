import type { AdminWebMessages } from '../en/admin-web.ts';

export const approvalActions: AdminWebMessages['approvals']['actions'] = {
  'rotate-keys': () => 'Rotar las claves de firma',
  'replace-leaked-keys': () => 'Reemplazar claves de firma filtradas',
  'rotate-encryption-key': () => 'Reemplazar la clave que cifra los secretos',
  'suspend-app': (app) => `Suspender la aplicación ${app}`,
  'resume-app': (app) => `Reanudar la aplicación ${app}`,
  'retire-app': (app) => `Retirar la aplicación ${app} de forma permanente`,
  'approve-app': (app) => `Permitir que la aplicación ${app} lea consultorios enteros`,
  'invite-administrator': (person) => `Invitar a ${person} como administrador`,
  'remove-administrator': (person) => `Quitar a ${person} como administrador`,
  'erase-record': (record) => `Borrar el expediente ${record} de un paciente`,
  'leave-administrators': (person) => `${person} deja la función de administrador`,
  'lock-administrator': (person) => `Bloquear la cuenta de administrador de ${person}`,
  'unlock-administrator': (person) => `Desbloquear la cuenta de administrador de ${person}`,
  'reset-administrator-factor': (person) => `Restablecer el segundo factor del administrador ${person}`,
  'set-administrator-password': (person) => `Poner una contraseña nueva al administrador ${person}`,
  'export-practice': (practice) => `Exportar todo el contenido del consultorio ${practice}`,
  'remove-practice': (practice) => `Eliminar el consultorio ${practice} con todos sus expedientes`,
};
