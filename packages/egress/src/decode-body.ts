import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { SendFailure, errorCodeOf } from './send-failure.ts';

/** Not Brotli: its window alone may take 4 MiB for each answer, however small. */
export type ContentEncoding = 'identity' | 'gzip' | 'deflate';

type Decompress = (
  bytes: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, decoded: Buffer) => void,
) => void;

const ENCODINGS: Record<string, ContentEncoding> = {
  '': 'identity',
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

/** Reads the `content-encoding` header. Several encodings on top of each other are refused: nobody honest sends them. */
export function readEncoding(header: string | string[] | undefined): ContentEncoding {
  if (header === undefined) return 'identity';
  const name = String(header).trim().toLowerCase();
  const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (encoding === undefined)
    throw new SendFailure('provider_unreadable', 'the answer has a content encoding that was not asked for');
  return encoding;
}

/** Decompresses away from the event loop and stops at `maxDecodedBytes`, however little came over the wire. */
export function decodeBody(
  encoding: ContentEncoding,
  bytes: Buffer,
  maxDecodedBytes: number,
  done: (failure: SendFailure | null, body: Buffer) => void,
): void {
  if (encoding === 'identity' || bytes.length === 0) {
    done(bytes.length > maxDecodedBytes ? tooLarge(maxDecodedBytes) : null, bytes);
    return;
  }
  decompressorFor(encoding, bytes)(bytes, { maxOutputLength: maxDecodedBytes }, (error, body) => {
    if (!error) done(null, body);
    else if (errorCodeOf(error) === 'ERR_BUFFER_TOO_LARGE') done(tooLarge(maxDecodedBytes), bytes);
    else
      done(
        new SendFailure('provider_unreadable', `the answer is not valid ${encoding} (${errorCodeOf(error)})`, {
          cause: error,
        }),
        bytes,
      );
  });
}

export function tooLarge(maxBytes: number): SendFailure {
  return new SendFailure('provider_unreadable', `the answer is larger than ${maxBytes} bytes`);
}

function decompressorFor(encoding: ContentEncoding, bytes: Buffer): Decompress {
  if (encoding === 'gzip') return gunzip;
  return hasZlibHeader(bytes) ? inflate : inflateRaw;
}

// `deflate` means zlib (RFC 9110), but some servers send it without the zlib header.
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
