import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SpanCounts } from '../outside/span-counts.ts';
import { SpanWriter } from '../outside/span-writer.ts';

/** A batch of 512 spans has about half a megabyte; also the bound of what a compressed one may become. */
export const EXPORT_MAX_BYTES = 8 * 1024 * 1024;

/**
 * OpenTelemetry's JavaScript exporter (0.301) tries six times and waits as long as this header says in between: 4 s fill
 * most of the 30 s that our services give an export. A shorter wait would use the tries up while we are still busy.
 */
export const RETRY_AFTER_SECONDS = 4;

const PATH = '/v1/traces';
const decompress = promisify(gunzip);

/** Prepares the HTTP side for exports: what cannot be taken is refused before its body is read. */
export function acceptOtlp(app: NestFastifyApplication): void {
  const writer = app.get(SpanWriter);
  const counts = app.get(SpanCounts);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.routeOptions.url !== PATH) return;
    const refusal = refusalOf(request) ?? (writer.isFull() ? TOO_BUSY : null);
    if (!refusal) return;
    if (refusal === TOO_BUSY) {
      counts.refuse();
      reply.header('retry-after', RETRY_AFTER_SECONDS);
    }
    await reply.status(refusal.status).send({ message: refusal.message });
  });
  app.useBodyParser('application/json', { bodyLimit: EXPORT_MAX_BYTES }, readJson);
}

interface Refusal {
  status: number;
  message: string;
}

const TOO_BUSY: Refusal = { status: 503, message: 'Too many spans wait to be stored; send them again later.' };

function refusalOf({ headers }: FastifyRequest): Refusal | null {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = `Traces are taken as OTLP/JSON, not as ${type ?? 'a body without a content type'}: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json in the exporter.`;
    return { status: 415, message };
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === 'gzip') return null;
  return {
    status: 415,
    message: `A body may be compressed with gzip, not with ${encoding}: set OTEL_EXPORTER_OTLP_COMPRESSION=gzip or none.`,
  };
}

/** Plain `JSON.parse`: Fastify's own parser searches every body for `__proto__` first, and nothing here is merged. */
async function readJson({ headers }: Pick<FastifyRequest, 'headers'>, body: Buffer): Promise<unknown> {
  const bytes = headers['content-encoding'] === 'gzip' ? await unpack(body) : body;
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new BadRequestException(`The body is not valid JSON: ${(error as Error).message}`);
  }
}

async function unpack(body: Buffer): Promise<Buffer> {
  return decompress(body, { maxOutputLength: EXPORT_MAX_BYTES }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new PayloadTooLargeException(`The body has more than ${EXPORT_MAX_BYTES} bytes.`);
    throw new BadRequestException(`The body is not valid gzip: ${error.message}`);
  });
}
