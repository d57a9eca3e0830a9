// Program that creates the template database for servers while the workers of a run start. Arguments: <admin URL>
// <templates as JSON>.
import { ensureFilled } from './filled-template.ts';

const [admin = '', templates = ''] = process.argv.slice(2);
await ensureFilled(admin, JSON.parse(templates));
