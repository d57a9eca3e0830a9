// A mail server that accepts every email and prints its URL, for commands that run in a namespace of their own.
import { startMailServer } from './mail-server.ts';

const { url } = await startMailServer();
process.stdout.write(url);
