// Stands in for a service of the platform: tells the test that it is up, and with which environment; then it is ready.
import { createServer } from 'node:http';

const prefix = (Object.keys(process.env).find((name) => name.endsWith('_HOST')) ?? '').replace('_HOST', '');
const server = createServer((_request, response) => response.end('{}'));

server.listen(Number(process.env[`${prefix}_PORT`]), process.env[`${prefix}_HOST`], async () => {
  const body = JSON.stringify({ name: prefix.toLowerCase(), pid: process.pid, env: process.env });
  await fetch(process.env.NODE_STAND_IN_REGISTER ?? '', { method: 'POST', body });
});

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
