import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ERROR_STATUS, fieldProblems, ServiceError, type ServiceErrorCode } from './errors.ts';

describe('ServiceError', () => {
  it.each(Object.keys(ERROR_STATUS) as ServiceErrorCode[])('of %s survives the wire', (code) => {
    const error = ServiceError.fields(code, 'It does not fit.', [{ path: 'http.url', problem: 'is no URL' }]);

    const read = ServiceError.fromBody(JSON.parse(JSON.stringify(error.toBody())));

    expect(read).toBeInstanceOf(ServiceError);
    expect(read).toMatchObject({ name: 'ServiceError', code, message: 'It does not fit.', status: ERROR_STATUS[code] });
    expect(read.details).toEqual({ fields: [{ path: 'http.url', problem: 'is no URL' }] });
  });

  it('keeps details that today’s code does not know', () => {
    const body = { code: 'rate_limited', message: 'Later.', details: { retryAfterMs: 500 }, reason: 'added later' };

    expect(ServiceError.fromBody(body).details).toEqual({ retryAfterMs: 500 });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'Bad Gateway'],
    ['a list', []],
    ['an empty object', {}],
    ['an unknown code', { code: 'teapot', message: 'I am one.' }],
    ['a name every object has as its code', { code: 'constructor', message: 'x' }],
    ['no message', { code: 'not_found' }],
    ['a message that is no text', { code: 'not_found', message: { toString: 1 } }],
    ['fields that are none', { code: 'not_found', message: 'x', details: { fields: 'all' } }],
  ])('read from %s is internal and repeats nothing of it', (_what, body) => {
    const error = ServiceError.fromBody(body);

    expect(error.toBody()).toEqual({ code: 'internal', message: 'The service answered with an unreadable error.' });
  });

  it('sends no cause and no stack', () => {
    const error = new ServiceError('internal', 'Internal error.', { cause: new Error('password=hunter2') });

    expect(error.cause).toBeInstanceOf(Error);
    expect(Object.keys(error.toBody())).toEqual(['code', 'message']);
  });
});

describe('fieldProblems', () => {
  it('names each wrong field with its path in dots', () => {
    const schema = z.object({
      http: z.object({ url: z.url('is no URL') }),
      functions: z.array(z.object({ name: z.string('is no text') })),
    });
    const parsed = schema.safeParse({ http: { url: 'nowhere' }, functions: [{ name: 'a' }, { name: 7 }] });

    expect(fieldProblems(parsed.error as z.ZodError)).toEqual([
      { path: 'http.url', problem: 'is no URL' },
      { path: 'functions.1.name', problem: 'is no text' },
    ]);
  });

  it('has an empty path for the whole body', () => {
    const parsed = z.object({}).safeParse('text');

    expect(fieldProblems(parsed.error as z.ZodError)).toMatchObject([{ path: '' }]);
  });
});
